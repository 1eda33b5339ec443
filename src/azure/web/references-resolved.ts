import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { references } from './references';

type ReferencesResolved = Extract<Check, { check: 'web.references-resolved' }>;

/** Whether App Service has resolved every named setting that refers to a secret; every one there is, where none is named. */
export async function readReferencesResolved(
  azure: Connection,
  { app, settings }: ReferencesResolved,
): Promise<Reading> {
  const found = await references(azure, app);
  const wanted = settings.length > 0 ? settings : found.map(({ setting }) => setting);
  if (wanted.length === 0) {
    const none = { what: 'Key Vault references', expected: 'at least one', found: 'none', ok: false };
    return { findings: [none], facts: {} };
  }
  const findings = wanted.map((setting) => {
    const status = found.find((one) => one.setting === setting)?.status ?? 'no such reference';
    return {
      what: `Key Vault reference ${setting}`,
      ...{ expected: 'Resolved', found: status, ok: status === 'Resolved' },
    };
  });
  return { findings, facts: { resolved: findings.filter(({ ok }) => ok).length } };
}
