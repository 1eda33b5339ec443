/** A resource's id taken apart: its group, its provider, and the pairs of type and name below it. */
export interface ResourceId {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly provider: string;
  /** For example `servers/databases`. */
  readonly type: string;
  /** For example `['sql1', 'db1']`. */
  readonly names: readonly string[];
}

/** Reads a full resource id; undefined when it is not one. */
export function readResourceId(id: string): ResourceId | undefined {
  const found = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+?)\/?$/i.exec(id);
  const [, subscription, resourceGroup, provider, rest] = found ?? [];
  if (
    subscription === undefined ||
    resourceGroup === undefined ||
    provider === undefined ||
    rest === undefined
  ) {
    return undefined;
  }
  const segments = rest.split('/');
  if (segments.length % 2 !== 0 || segments.includes('')) {
    return undefined;
  }
  return {
    subscription,
    resourceGroup,
    provider,
    type: segments.filter((_, index) => index % 2 === 0).join('/'),
    names: segments.filter((_, index) => index % 2 === 1).map((name) => decodeURIComponent(name)),
  };
}

/** True when two names are one to Azure, which ignores letter case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
