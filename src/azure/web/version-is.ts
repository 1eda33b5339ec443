import type { Check, Reading } from '../check';
import type { AppReport } from './health';

type VersionIs = Extract<Check, { check: 'web.version-is' }>;

/** Whether the app that answers is the version that it should be, by its own word. Red or green is not asked here. */
export async function readVersionIs(
  report: (url: string) => Promise<AppReport>,
  { url, version }: VersionIs,
): Promise<Reading> {
  const said = await report(url);
  return {
    findings: [
      {
        what: 'Version that answers',
        expected: version,
        found: said.version ?? `not told (${said.words})`,
        ok: said.version === version,
      },
    ],
    facts: { version: said.version, status: said.status },
  };
}
