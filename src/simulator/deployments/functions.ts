import { createHash } from 'node:crypto';
import { isObject } from '../json';
import { TemplateError } from './expression';

/** What a template is evaluated in: where it is deployed, and what its functions may ask about. */
export interface Scope {
  readonly subscription: { readonly id: string; readonly subscriptionId: string; readonly tenantId: string };
  readonly resourceGroup: {
    readonly id: string;
    readonly name: string;
    readonly location: string;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly deployment: string;
  readonly parameter: (name: string) => unknown;
  readonly variable: (name: string) => unknown;
  /** The resource as it is now; absent where the template is only looked at, and nothing exists yet. */
  readonly reference?: (id: string, full: boolean) => unknown;
  readonly listKeys?: (id: string) => unknown;
}

type TemplateFunction = (args: readonly unknown[], scope: Scope) => unknown;

/** Functions whose value is known only while a deployment runs. */
export const runtimeFunctions: ReadonlySet<string> = new Set(['reference', 'listkeys']);

/** The functions of ARM templates that the simulator knows, by their names in small letters. */
export const functions: Readonly<Record<string, TemplateFunction>> = {
  parameters: ([name], scope) => scope.parameter(text(name)),
  variables: ([name], scope) => scope.variable(text(name)),
  subscription: (_, scope) => scope.subscription,
  resourcegroup: (_, scope) => scope.resourceGroup,
  deployment: (_, scope) => ({ name: scope.deployment }),
  concat: (args) => (args.every(Array.isArray) ? args.flat() : args.map(text).join('')),
  format: ([pattern, ...values]) =>
    text(pattern).replaceAll(/\{(\d+)\}/g, (_, index: string) => {
      if (Number(index) >= values.length) {
        throw new TemplateError(
          `Unable to evaluate the template language function 'format': index '${index}' is out of range.`,
        );
      }
      return text(values[Number(index)]);
    }),
  tolower: ([value]) => text(value).toLowerCase(),
  toupper: ([value]) => text(value).toUpperCase(),
  replace: ([value, from, to]) => text(value).replaceAll(text(from), text(to)),
  substring: ([value, from, length]) =>
    text(value).slice(Number(from), length === undefined ? undefined : Number(from) + Number(length)),
  take: ([value, count]) => (Array.isArray(value) ? value : text(value)).slice(0, Number(count)),
  length: ([value]) => (isObject(value) ? Object.keys(value).length : sized(value).length),
  empty: ([value]) =>
    value === null || (isObject(value) ? Object.keys(value).length === 0 : sized(value).length === 0),
  contains: ([container, item]) =>
    Array.isArray(container)
      ? container.includes(item)
      : isObject(container)
        ? text(item) in container
        : text(container).includes(text(item)),
  coalesce: (args) => args.find((value) => value !== null && value !== undefined) ?? null,
  string: ([value]) => (typeof value === 'string' ? value : JSON.stringify(value)),
  int: ([value]) => Number(value),
  bool: ([value]) => value === true || text(value).toLowerCase() === 'true',
  equals: ([one, other]) => sameValue(one, other),
  not: ([value]) => value !== true,
  and: (args) => args.every((value) => value === true),
  or: (args) => args.some((value) => value === true),
  createarray: (args) => args,
  uniquestring: (args) => uniqueString(args.map(text).join('-')),
  resourceid: (args, scope) => resourceId(args.map(text), scope),
  reference: ([id, , full], scope) => scope.reference?.(text(id), full === 'Full'),
  listkeys: ([id], scope) => scope.listKeys?.(text(id)),
};

/** 13 characters that are always the same for the same text. Azure's own hash is not published; its length and letters are. */
function uniqueString(of: string): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  return [...createHash('sha256').update(of).digest().subarray(0, 13)]
    .map((byte) => letters[byte % 32])
    .join('');
}

function resourceId(args: readonly string[], scope: Scope): string {
  const typeAt = args.findIndex((arg) => /^[\w-]+\.[\w.-]+\//.test(arg));
  const type = args[typeAt];
  const names = args.slice(typeAt + 1);
  if (type === undefined || type.split('/').length - 1 !== names.length) {
    throw new TemplateError(
      `Unable to evaluate template language function 'resourceId': the type '${type ?? args[0] ?? ''}' requires '${(type ?? '').split('/').length - 1}' resource name argument(s).`,
    );
  }
  const before = args.slice(0, typeAt);
  const group = before.at(-1) ?? scope.resourceGroup.name;
  const subscription = before.length > 1 ? before[0] : scope.subscription.subscriptionId;
  const [namespace = '', ...types] = type.split('/');
  const path = types.map((one, index) => `${one}/${names[index]}`).join('/');
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${namespace}/${path}`;
}

const sameValue = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string'
    ? one.toLowerCase() === other.toLowerCase()
    : JSON.stringify(one) === JSON.stringify(other);

const sized = (value: unknown): { readonly length: number } => (Array.isArray(value) ? value : text(value));

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new TemplateError(
    `The template function was given '${JSON.stringify(value) ?? 'nothing'}' where it takes a string.`,
  );
}
