import { AzureProblem } from '../../azure/operation';
import type { StorageAccount } from '../../azure/storage/account';
import type { ProtectedApp } from '../../engine/estate';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { redundancyWords, regionsWords } from './storage-words';

/** Where a new account serves best: where the app is, unless storage there does not answer. */
export const sensibleRegion = (old: StorageAccount | null, app: ProtectedApp): string =>
  old && !old.primaryAnswers && old.primaryLocation === app.primaryRegion
    ? app.secondaryRegion
    : app.primaryRegion;

/** The values of the replacement's form, read live. */
export async function replaceForm({ app, azure }: Context, known: JsonObject): Promise<FormData> {
  const [old, reach] = await Promise.all([
    azure.storage.account(app.storage).catch(inWords),
    azure.storage.reachable(app.storage),
  ]);
  const readable = typeof old === 'string' ? null : old;
  const sensible = sensibleRegion(readable, app);
  const asked = String(known['region'] ?? '');
  const regions = [...new Set([app.primaryRegion, app.secondaryRegion, ...(asked === '' ? [] : [asked])])];
  return {
    ...{ app: app.name, appTitle: app.title, account: app.storage.account, serves: reach.words },
    regions: typeof old === 'string' ? old : old ? regionsWords(old) : 'There is no such account any more.',
    redundancy: readable ? redundancyWords(readable.sku) : 'not known',
    region: asked === '' ? sensible : asked,
    places: regions.map((value) => ({ title: placeWords(value, readable, app), value })),
    reason: String(known['reason'] ?? ''),
  };
}

function placeWords(region: string, old: StorageAccount | null, app: ProtectedApp): string {
  const said = [
    ...(region === app.primaryRegion ? ['where the app is'] : []),
    ...(region === app.secondaryRegion ? ["the app's second region"] : []),
    ...(old && !old.primaryAnswers && region === old.primaryLocation
      ? ['storage does not answer there']
      : []),
  ];
  return said.length === 0 ? region : `${region}: ${said.join(', ')}`;
}

/** What Azure refused, as words for the form. @throws what is no refusal of Azure's. */
function inWords(error: unknown): string {
  if (error instanceof AzureProblem) return error.message;
  throw error;
}
