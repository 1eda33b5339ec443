import { type Conversation, conversationIn } from '../../support/conversation';
import type { World } from '../../support/world';
import { type Run, runIn } from './run';

/** Alex asks for something in a channel of its own, where the form appears. */
export async function asks(world: World, text: string): Promise<Conversation> {
  const { thread } = await world.teams.say('Alex Wilber', text, { conversation: world.freshChannel() });
  return conversationIn(world, thread);
}

/** Alex asks for something and sends the form; gives the run that follows. */
export async function begins(
  world: World,
  text: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const asked = await asks(world, text);
  await asked.press('Alex Wilber', 'Show the plan', inputs);
  return runIn(world, asked.thread);
}
