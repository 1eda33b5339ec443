import type { Event } from '../../../src/incidents/event';
import type { ChatBot } from './chat-bot';
import { planned } from './plan';
import { formData } from './small-engine';

export const inAnHour = () => new Date(Date.now() + 3_600_000);

/** A run that Alex asked for in the channel, with these events after it; gives its thread. */
export async function runAskedFor(
  bot: ChatBot,
  events: readonly Event[] = planned(inAnHour()),
): Promise<string> {
  await bot.teams.install();
  const { thread } = await bot.teams.say('alex', 'restore db to 20 minutes ago');
  await bot.quiet();
  bot.engine.forms.read = async () => ({ ...formData, latest: new Date().toISOString() });
  await bot.teams.press('alex', await bot.withButton('alex', 'Show the plan', thread), 'Show the plan');
  await bot.quiet();
  for (const event of events) bot.engine.happen('inc1', event);
  await bot.quiet();
  return thread;
}
