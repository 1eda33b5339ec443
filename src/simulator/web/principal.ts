import { createHash } from 'node:crypto';

/** A stable object id for a site's own identity, made from its name. */
export function principalOf(site: { readonly name: string }): string {
  const digits = createHash('sha256').update(site.name).digest('hex').slice(0, 12);
  return `5a17e000-0000-4000-8000-${digits}`;
}
