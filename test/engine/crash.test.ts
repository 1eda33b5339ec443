import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import type { Store } from '../../src/store/store';
import { startChild } from '../support/child';
import type { EngineChildInput } from '../support/engine-child';
import { createFakeAzure, freshState } from '../support/fake-azure';
import { temporaryFolder, temporaryStore } from '../support/temporary-store';

let store: Store;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  [store, folder] = await Promise.all([temporaryStore(), temporaryFolder()]);
});
afterAll(async () => {
  await store.close();
  await folder.remove();
});

const told = z.object({
  run: z.string(),
  entries: z.array(z.object({ id: z.string(), seq: z.int(), event: z.looseObject({ type: z.string() }) })),
});

/** A database of its own on the test's server, and an Azure in a file of its own. */
async function world(
  name: string,
): Promise<(dieAt: string | null, hoursLater?: number) => Promise<z.infer<typeof told> | NodeJS.Signals>> {
  await store.pool.query(`create database ${name}`);
  const azureFile = join(folder.path, `${name}.json`);
  await writeFile(azureFile, JSON.stringify(freshState()));
  const databaseUrl = store.url.replace(/postgres$/, name);
  const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000).toISOString();
  return async (dieAt, hoursLater = 0) => {
    const input: EngineChildInput = { databaseUrl, azureFile, at, dieAt, hoursLater };
    const child = startChild('engine-child.ts', input);
    const tooLong = setTimeout(() => void child.kill(), 20_000);
    const line = await child.line();
    const end = await child.ended;
    clearTimeout(tooLong);
    if (end === 'SIGKILL' && dieAt !== null) return end;
    if (end !== 0 || line === null) throw new Error(`The child ended with ${end}: ${child.complaints()}`);
    return told.parse(JSON.parse(line));
  };
}

const changesIn = (name: string) =>
  createFakeAzure({ now: () => new Date(), file: join(folder.path, `${name}.json`) })
    .changes()
    .map((change) => change.split(' ')[0]);

const everyChangeOnce = ['sql.point-in-time-restore', 'sql.rename', 'sql.rename', 'app.restart'];

const kinds = ({ entries }: z.infer<typeof told>) => entries.map((entry) => entry.event.type);

/** Kills the bot at each of these moments in turn, then lets it come to its end. */
async function killedAt(name: string, moments: readonly string[]): Promise<z.infer<typeof told>> {
  const play = await world(name);
  for (const moment of moments) expect([moment, await play(moment)]).toEqual([moment, 'SIGKILL']);
  const end = await play(null);
  if (typeof end === 'string') throw new Error(`The bot was ended by ${end}.`);
  return end;
}

const aroundChanges = [...new Set(everyChangeOnce)].flatMap((change) => [
  `before ${change}`,
  `after ${change}`,
]);

/** Where a run passes from one hand to the next; `npm run kill` stops the whole bot at every entry there is. */
const turningPoints = ['plan.compiled', 'gate.closed', 'step.intended', 'check.passed', 'run.recovered'];

/**
 * The entries after which the bot is killed: the first at every turning point; with CRASH_EVERYWHERE every single one.
 */
function moments(end: z.infer<typeof told>): readonly string[] {
  const all = kinds(end);
  return all
    .map((type, index) => ({
      seq: index + 1,
      isFirst: all.indexOf(type) === index && turningPoints.includes(type),
    }))
    .filter(({ seq, isFirst }) => seq > 1 && (isFirst || process.env['CRASH_EVERYWHERE']))
    .map(({ seq }) => `entry ${seq}`);
}

// A bot spends much of its start waiting, so the worlds are played side by side.
let calm: Promise<z.infer<typeof told>>;
let around: Promise<z.infer<typeof told>>;
let between: Promise<z.infer<typeof told>>;
beforeAll(() => {
  calm = killedAt('calm', []);
  around = killedAt('around', aroundChanges);
  between = calm.then((end) => killedAt('between', moments(end)));
  // Each is looked at by its own test; until then a failure is not unheard of.
  for (const played of [calm, around, between]) played.catch(() => undefined);
});

test('a run that nothing disturbs makes every change once', async () => {
  const end = await calm;
  expect(changesIn('calm')).toEqual(everyChangeOnce);
  expect(kinds(end).at(-1)).toBe('run.finished');
  expect(new Set(kinds(end)).size).toBe(12);
});

test('a bot killed just before and just after every change in Azure makes each change once', async () => {
  const end = await around;
  expect(changesIn('around')).toEqual(everyChangeOnce);
  expect(kinds(end)).toEqual(kinds(await calm));
}, 60_000);

test('a bot killed after an entry of every type goes on each time: every entry once and in order, every change once', async () => {
  const end = await between;
  expect(kinds(end)).toEqual(kinds(await calm));
  expect(end.entries.map((entry) => entry.seq)).toEqual(end.entries.map((_, index) => index + 1));
  expect(new Set(end.entries.map((entry) => entry.id)).size).toBe(end.entries.length);
  expect(changesIn('between')).toEqual(everyChangeOnce);
}, 120_000);

test('a bot that was down for hours between an intent and its change looks again first: what has drifted is approved anew', async () => {
  const intents = kinds(await calm).indexOf('step.intended') + 1;
  const play = await world('late');
  expect(await play(`entry ${intents}`)).toBe('SIGKILL');
  const azure = createFakeAzure({ now: () => new Date(), file: join(folder.path, 'late.json') });
  const { 'sql-primary': primary } = azure.state.databases;
  if (primary?.['shop']) primary['shop'] = { ...primary['shop'], tier: 'S3' };
  azure.save();

  const end = await play(null, 2);
  if (typeof end === 'string') throw new Error(`The bot was ended by ${end}.`);
  const drifts = end.entries.flatMap(({ event }) =>
    event.type === 'plan.drifted' ? [event['changes']] : [],
  );
  expect(drifts).toEqual([[{ field: 'tier', was: 'S0', is: 'S3' }]]);
  expect(kinds(end).slice(intents - 1, intents + 3)).toEqual([
    ...['step.intended', 'plan.drifted', 'step.withdrawn', 'plan.compiled'],
  ]);
  expect(kinds(end).at(-1)).toBe('run.finished');
  expect(changesIn('late')).toEqual(everyChangeOnce);
}, 60_000);
