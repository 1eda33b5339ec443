import type { World } from '../../support/world';
import type { Run } from './run';

const quiet = ['step.intended', 'check.begun', 'gate.opened', 'timeline.read'];

/**
 * The thread holds one line for each entry that is told, each once, in the order of the timeline, with its time; and
 * these lines read like this, where that is told.
 */
export async function expectThread(world: World, run: Run, lines?: readonly RegExp[]): Promise<void> {
  const told = (await run.timeline()).filter(({ event }) => !quiet.includes(event.type));
  const written = await world.teams.waitFor(() => {
    const entries = run.entries();
    return entries.length >= told.length && entries;
  }, 20_000);
  expect(written.map((line) => Number(/^#(\d+) /.exec(line)?.[1]))).toEqual(told.map(({ seq }) => seq));
  for (const line of written) expect(line).toMatch(/^#\d+ \d\d:\d\d:\d\dZ · /);
  if (lines) expect(written).toEqual(lines.map((line) => expect.stringMatching(line)));
}
