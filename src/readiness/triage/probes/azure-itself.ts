import type { Reachable } from '../../../azure/azure';
import type { AzureFinding } from '../finding';
import { at } from './within';

/** Whether Azure Resource Manager answers the bot at all: without it nothing else of Azure's can be known. */
export async function probeAzure(reachable: Promise<Reachable>, now: () => Date): Promise<AzureFinding> {
  const { ok, silent, words } = await reachable;
  if (ok) return { state: 'answers', words: 'Azure Resource Manager answers the bot.', at: at(now) };
  return silent
    ? { state: 'silent', words: 'Azure Resource Manager does not answer the bot.', at: at(now) }
    : { state: 'refused', words: words.slice(0, 300), at: at(now) };
}
