import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { references } from './references';

type ReferencesResolved = Extract<Check, { check: 'web.references-resolved' }>;

/** Whether App Service has resolved every named setting that refers to a secret. */
export async function readReferencesResolved(
  azure: Connection,
  { app, settings }: ReferencesResolved,
): Promise<Reading> {
  const found = await references(azure, app);
  const findings = settings.map((setting) => {
    const status = found.find((one) => one.setting === setting)?.status ?? 'no such reference';
    return {
      what: `Key Vault reference ${setting}`,
      ...{ expected: 'Resolved', found: status, ok: status === 'Resolved' },
    };
  });
  return { findings, facts: { resolved: findings.filter(({ ok }) => ok).length } };
}
