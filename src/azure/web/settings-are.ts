import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { fileIn } from '../packages/file-in';
import { settings } from './settings';

type SettingsAre = Extract<Check, { check: 'web.settings-are' }>;

/** Whether the app is set to run that package, and every other setting is what it was when the plan was made. */
export async function readSettingsAre(azure: Connection, check: SettingsAre): Promise<Reading> {
  const found = await settings(azure, check.app);
  const others = found ? found.names.length - (found.package === null ? 0 : 1) : 0;
  return {
    findings: [
      {
        what: 'Package',
        expected: fileIn(check.package),
        found: found?.package ? fileIn(found.package) : 'none',
        ok: found?.package === check.package,
      },
      {
        what: 'Every other setting',
        expected: `the ${check.count} that there were, untouched`,
        found: found?.others === check.others ? `${others}, untouched` : `${others}, not as they were`,
        ok: found?.others === check.others,
      },
    ],
    facts: { others: found?.others ?? null },
  };
}
