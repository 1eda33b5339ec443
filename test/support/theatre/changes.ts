import type { JournalEntry } from '../../../src/simulator/journal';

/** POSTs that only read, and the sign-in: they change nothing. */
const readsOnly =
  /(\/list|\/listKeys|\/validate|\/whatIf|\/oauth2\/v2\.0\/token|\/checkNameAvailability|\/analyzeCustomHostname)$/i;

/** Whether a request asked for a change. */
export const isChange = ({ method, url }: Pick<JournalEntry, 'method' | 'url'>): boolean =>
  method !== 'GET' && method !== 'HEAD' && !readsOnly.test(new URL(url).pathname);

/** A request without what differs from run to run: `PUT management…/databases/AppRequestPortal-restored`. */
export function requestKey({ method, url }: Pick<JournalEntry, 'method' | 'url'>): string {
  const { host, pathname } = new URL(url);
  const target = `${host}${pathname}`
    .replace(/inc\d+-\d+/g, 'RUN')
    // A storage account's name has no room for the run in full.
    .replace(/(?<=\d)i\d+r\d+/g, 'STAMP')
    .replace(/\d{8}-\d{4}(?=-RUN)/g, 'TIME')
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'ID')
    .replace(/(?<=\/)[0-9a-f]{32}(?=\/|$)/g, 'VERSION');
  return `${method} ${target}`;
}

/** What was changed, in order: the changes that Azure accepted. */
export const changesMade = (journal: readonly JournalEntry[]): readonly string[] =>
  journal
    .filter((entry) => isChange(entry) && entry.status !== null && entry.status < 400)
    .map((entry) => requestKey(entry));

/** What a fault must match to hit every request of this key, in any run. */
export const patternOf = (key: string): RegExp =>
  new RegExp(
    `^${key
      .slice(key.indexOf(' ') + 1)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/RUN/g, 'inc\\d+-\\d+')
      .replace(/STAMP/g, 'i\\d+r\\d+')
      .replace(/TIME/g, '\\d{8}-\\d{4}')
      .replace(/(?<=[/']|%2F)(ID|VERSION)(?=[/']|%2F|$)/g, '[0-9a-f-]+')}$`,
    'i',
  );

/** How often each of these stands in a list. */
export function counted(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
