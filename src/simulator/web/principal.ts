/** A stable object id for a site's own identity, made from its name. */
export function principalOf(site: { readonly name: string }): string {
  const digits = Buffer.from(site.name).toString('hex').padEnd(12, '0').slice(-12);
  return `5a17e000-0000-4000-8000-${digits}`;
}
