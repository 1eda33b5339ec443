import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEntry } from '../../src/simulator/journal';
import { type Run, restores } from '../stories/support/run';
import { conversationIn } from '../support/conversation';
import { type DebianPostgres, startDebianPostgres, withDebianPostgres } from '../support/debian-postgres';
import { isChange } from '../support/theatre/changes';
import { startWorld, type World } from '../support/world';

/** How long the store is away, in milliseconds: a minute with `CHAOS=all`. */
const AWAY_MS = process.env['CHAOS'] === 'all' ? 60_000 : 8_000;

const { programs, withPostgres } = withDebianPostgres('the store gone for a minute');

let postgres: DebianPostgres;
let world: World;
beforeEach(async () => {
  if (programs === null) return;
  postgres = await startDebianPostgres(programs);
  world = await startWorld({ environment: { DATABASE_URL: postgres.url } });
}, 60_000);
afterEach(async () => {
  if (programs === null) return;
  await world.close();
  await postgres.stop();
}, 60_000);

const status = async (): Promise<unknown> => {
  const answer = await fetch(`${world.bot.url}/health`);
  const { status: said }: { readonly status?: unknown } = Object(await answer.json());
  return [answer.status, said];
};

/** What was changed in Azure, each with when it was asked for. */
const changes = (): readonly JournalEntry[] =>
  world.simulator.journal().filter((entry) => isChange(entry) && entry.url.includes('management.azure.com'));

/** Every change has an intent that was recorded before it was asked for, and none was made twice. */
async function expectIntended(run: Run): Promise<void> {
  const intents = (await run.timeline())
    .filter(({ event }) => event.type === 'step.intended')
    .map(({ recordedAt }) => Date.parse(recordedAt));
  const made = changes();
  expect(made.map(({ method, url }) => `${method} ${/[^/]+$/.exec(new URL(url).pathname)?.[0]}`)).toEqual([
    expect.stringMatching(/^PUT AppRequestPortal-restored/),
    'POST move',
    'POST move',
    'POST restart',
  ]);
  for (const [index, { time }] of made.entries())
    expect(intents.filter((recorded) => recorded <= Date.parse(time)).length).toBeGreaterThan(index);
}

async function finish(run: Run): Promise<void> {
  await run.answers('Megan Bowen', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  await expectIntended(run);
}

/** The store goes at the first request of this kind, is away, and comes back; what is done meanwhile. */
async function away(matches: (entry: JournalEntry) => boolean, meanwhile: () => Promise<void>) {
  await new Promise<void>((gone, failed) => {
    const stop = world.simulator.onRequest((entry) => {
      if (!matches(entry)) return;
      stop();
      postgres.halt().then(gone, failed);
    });
  });
  const back = Date.now() + AWAY_MS;
  await meanwhile();
  await pause(Math.max(0, back - Date.now()));
  const before = changes().length;
  await postgres.resume();
  return { before };
}

const isRestore = ({ method, url }: JournalEntry): boolean =>
  method === 'PUT' && /AppRequestPortal-restored/.test(url);
const isLook = ({ method, url }: JournalEntry): boolean =>
  method === 'GET' && /databases\/AppRequestPortal-restored-[\w-]+\?/.test(url);

withPostgres(
  'the store goes away while Azure restores: the bot says so, begins nothing, and goes on when it is back',
  async () => {
    const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
    const { thread } = await world.teams.say('Alex Wilber', '@dr rollback app', {
      conversation: world.freshChannel(),
    });
    const form = await conversationIn(world, thread).find('Alex Wilber', 'Show the plan');
    const gone = away(isRestore, async () => {
      expect(await status()).toEqual([503, 'failing']);
      await run.say('Alex Wilber', '@dr status');
      await run.hears(/The bot is degraded: it cannot reach its store/);
      const { body } = await world.teams.press('Alex Wilber', form, 'Show the plan');
      expect(JSON.stringify(body)).toMatch(/cannot reach its store.*was not taken/);
    });
    await run.answers('Megan Bowen', 'begin', 'Approve');
    expect((await gone).before).toBe(1);
    await run.hears(/The store answers again, and the bot goes on/);
    await run.answers('Megan Bowen', 'swap', 'Approve');
    await finish(run);
    expect(await status()).toEqual([200, 'ok']);
  },
  180_000,
);

withPostgres(
  'the store goes away between the look at Azure and the change: nothing is changed that was not recorded before',
  async () => {
    const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
    const gone = away(isLook, async () => {
      // Nobody has to ask.
      await run.hears(/The bot is degraded: it cannot reach its store\. What Azure was asked for goes on/);
    });
    await run.answers('Megan Bowen', 'begin', 'Approve');
    expect((await gone).before).toBeLessThanOrEqual(1);
    await run.hears(/The store answers again, and the bot goes on\./);
    await run.answers('Megan Bowen', 'swap', 'Approve');
    await finish(run);
  },
  180_000,
);
