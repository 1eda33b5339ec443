import { vault } from '../support/demo-estate';
import { incidentIn, plays, playsWith, type Terminal } from '../support/terminal';
import { startWorld, type World } from '../support/world';
import { changes, isGreen, productionNow, rows } from './support/azure';
import { everythingStored } from './support/everything-stored';
import { endRuns, type Run, restores, runOf } from './support/run';
import { lose } from './support/secrets';
import { expectThread } from './support/thread';

// Several programs start in each story, one after the other.
jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => world.simulator.reset());
afterEach(async () => {
  if (world.bot.pid() === 0) await world.bot.start();
  await endRuns(world);
});

const thirtyMinutes = 'restore db to 30 minutes ago';
/** A restore takes four seconds: long enough to be killed in. */
const slowly = () => world.simulator.setSpeed(300);
const swapped = [
  'PUT AppRequestPortal-restored',
  'POST AppRequestPortal/move',
  'POST AppRequestPortal-restored/move',
  'POST apprequest-prod-demo01/restart',
];

/** Alex asks for a restore at a terminal, and leaves it at the gate that somebody else must answer. */
async function asksAtTerminal(): Promise<{ readonly terminal: Terminal; readonly incident: string }> {
  const terminal = plays(world, 'Alex Wilber', thirtyMinutes, '--reason', 'Anna deleted rows');
  expect(await terminal.ended).toBe(3);
  return { terminal, incident: incidentIn(terminal) };
}

/** The thread that the bot opens for an incident that was begun at a terminal. */
async function threadOf(incident: string): Promise<Run> {
  const { teams } = world;
  const words = `${incident} was begun at a terminal by Alex Wilber (terminal)`;
  const thread = await teams.waitFor(
    () =>
      teams
        .threads()
        .find((id) =>
          teams.thread(id).some((message) => teams.words('Isaiah Langer', message).includes(words)),
        ),
    30_000,
  );
  return runOf(world, thread, incident);
}

test('while no bot is alive a run is asked for, approved and finished at terminals, and its thread is told afterwards', async () => {
  await world.bot.kill();
  const { terminal, incident } = await asksAtTerminal();
  expect(terminal.output()).toMatch(/PLAN {2}Restore AppRequestPortal to/);
  expect(terminal.output()).toMatch(/PUT …\/databases\/AppRequestPortal-restored-/);
  expect(terminal.output()).toMatch(/No bot is alive on this store, so this terminal carries\s+the run out/);
  expect(terminal.output()).toMatch(/You asked for this run, so somebody else must approve it/);
  expect(terminal.output()).not.toContain('\u001B');

  const self = plays(world, 'Alex Wilber', incident, '--approve');
  expect(await self.ended).toBe(3);
  expect(changes(world)).toEqual([]);

  const megan = plays(world, 'Megan Bowen', incident, '--approve', '--reason', 'go');
  expect(await megan.ended).toBe(0);
  expect(megan.output()).toMatch(/REPORT: Done[\s\S]*Recovery time .*RTO[\s\S]*Data loss .*RPO/);
  expect(changes(world)).toEqual(swapped);
  expect(productionNow(world)).toMatchObject({ requests: rows.before });
  expect(await isGreen(world)).toBe(true);

  await world.bot.start();
  const run = await threadOf(incident);
  await expectThread(world, run);
  const people = (await run.timeline()).filter(({ actor }) => actor.kind === 'person');
  expect(people.map(({ actor }) => actor)).toEqual(
    people.map(() => expect.objectContaining({ kind: 'person', via: 'terminal' })),
  );
  expect(run.entries().join('\n')).toMatch(/Megan Bowen \(terminal\) · .*“Approve”: “go”/);
});

test('a run whose bot is killed in the middle of a step is finished at a terminal, and every change is made once', async () => {
  slowly();
  const run = await restores(world, { text: `@dr ${thirtyMinutes}` });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('step.intended', { stage: 'restore' });
  await world.bot.kill();

  const terminal = plays(world, 'Adele Vance', run.incident, '--approve');
  expect(await terminal.ended).toBe(0);
  expect(terminal.output()).toMatch(/No bot is alive/);
  expect(changes(world)).toEqual(swapped);

  await world.bot.start();
  await run.hears(/The run is over \(completed\)/);
  await expectThread(world, run);
  expect(run.entries().join('\n')).toMatch(
    /Megan Bowen · Approval to begin[\s\S]*Adele Vance \(terminal\) · Approval to swap/,
  );
});

test('a terminal that is killed in the middle of a step leaves the run to the bot, and every change is made once', async () => {
  await world.bot.kill();
  const { incident } = await asksAtTerminal();
  slowly();
  const megan = plays(world, 'Megan Bowen', incident, '--approve');
  await megan.says(/Restore into \S+: begins/);
  megan.signal('SIGKILL');
  await megan.ended;

  await world.bot.start();
  const run = await threadOf(incident);
  await run.answers('Adele Vance', 'swap', 'Approve');
  await run.answers('Adele Vance', 'commit', 'Keep');
  expect(await run.over()).toBe('completed');
  expect(changes(world)).toEqual(swapped);
  await run.hears(/The run is over \(completed\)/);
  await expectThread(world, run);
});

test('beside a bot that is alive a terminal only speaks to the run, until the bot dies: then it carries it on', async () => {
  const { terminal, incident } = await asksAtTerminal();
  expect(terminal.output()).toMatch(/The bot is alive and carries the run out/);
  const run = await threadOf(incident);
  slowly();
  const megan = plays(world, 'Megan Bowen', incident, '--approve');
  await megan.says(/Restore into \S+: begins/);
  expect(megan.output()).not.toMatch(/No bot is alive/);
  await world.bot.kill();
  await megan.says(/No bot is alive/);
  expect(await megan.ended).toBe(0);
  expect(changes(world)).toEqual(swapped);

  await world.bot.start();
  await run.hears(/The run is over \(completed\)/);
  await expectThread(world, run);
});

test('with a bot and a terminal that both live to the end, every change is made once', async () => {
  const run = await restores(world, { text: `@dr ${thirtyMinutes}` });
  const megan = plays(world, 'Megan Bowen', run.incident, '--approve');
  expect(await megan.ended).toBe(0);
  expect(megan.output()).not.toMatch(/No bot is alive/);
  expect(changes(world)).toEqual(swapped);
  await run.hears(/The run is over \(completed\)/);
  await expectThread(world, run);
});

test('a paused run says what is true, and is decided about at a terminal', async () => {
  const { incident } = await asksAtTerminal();
  world.simulator.addFault({
    ...{ method: 'POST', path: '/move', after: 1, times: 1 },
    ...{ status: 409, code: 'ScopeLocked', message: 'A lock forbids it.' },
  });
  const megan = plays(world, 'Megan Bowen', incident, '--approve');
  expect(await megan.ended).toBe(4);
  expect(megan.output()).toMatch(/PAUSED: Rename AppRequestPortal-restored/);
  expect(megan.output()).toMatch(/There is no database named AppRequestPortal right now/);
  expect(megan.output()).toMatch(/1 {2}Try again[\s\S]*2 {2}Undo what was done/);

  const again = plays(world, 'Megan Bowen', incident, '--retry', '--approve');
  expect(await again.ended).toBe(0);
  expect(await isGreen(world)).toBe(true);
});

test('a value that a run waits for is entered at a terminal, goes into the vault, and stands nowhere else', async () => {
  await lose(world, 'SqlConnectionString', 'purgeSecret');
  await world.bot.kill();
  const alex = plays(world, 'Alex Wilber', 'recover secret SqlConnectionString');
  expect(await alex.ended).toBe(3);
  const value =
    'Server=tcp:sql-apprequest-prod-demo01.database.windows.net,1433;Initial Catalog=AppRequestPortal;User ID=appreqadmin;Password=canary-9c1e;Encrypt=True;';
  const megan = playsWith(world, 'Megan Bowen', `${value}\n`, incidentIn(alex), '--approve', '--value-stdin');
  expect(await megan.ended).toBe(0);
  expect(megan.output()).toMatch(/A VALUE IS NEEDED: [\s\S]*new value of SqlConnectionString/);
  expect(world.simulator.vaults.valueOf(vault.vault, 'SqlConnectionString')).toBe(value);
  expect(await isGreen(world)).toBe(true);

  await world.bot.start();
  const run = await threadOf(incidentIn(alex));
  await run.hears(/Megan Bowen \(terminal\) · .*entered a value of SqlConnectionString/);
  const kept = await everythingStored(world.bot.dataDir);
  for (const place of [kept, megan.output(), world.bot.log()]) expect(place).not.toContain('canary');
});

test('a run is stopped from a terminal, with the reason', async () => {
  const { incident } = await asksAtTerminal();
  const stopped = plays(world, 'Alex Wilber', incident, '--abort', '--reason', 'wrong database');
  expect(await stopped.ended).toBe(5);
  expect(stopped.output()).toMatch(/Asked to abort: “wrong database”[\s\S]*REPORT: Stopped/);
  expect(changes(world)).toEqual([]);
});

test('Ctrl-C leaves the run as it is and says how to come back', async () => {
  const { incident } = await asksAtTerminal();
  const terminal = plays(world, 'Alex Wilber', incident, '--wait');
  await terminal.says(/A DECISION IS NEEDED/);
  terminal.signal('SIGINT');
  expect(await terminal.ended).toBe(130);
  expect(terminal.output()).toMatch(/inc\d+ is left as it is.*npm run play inc\d+/);
  const run = await threadOf(incident);
  await run.answers('Megan Bowen', 'begin', 'Reject');
  expect(await run.over()).toBe('rejected');
});

test.each([
  ['Patti Fernandez', [thirtyMinutes], /Only a responder or an approver may do this/],
  ['Alex Wilber', ['restore db to tomorrow 10:00'], /Not possible like this[\s\S]*These would work/],
  ['Alex Wilber', ['restore-database'], /time is missing .*--set time=/],
  [
    'Alex Wilber',
    ['restore-database', '--set', 'time=10 minutes ago', '--set', 'how=magic'],
    /how: "magic" is not one of its choices: swap, beside/,
  ],
  ['Alex Wilber', ['restroe db'], /no runbook "restroe db"\. Did you mean "restore-database"/],
  ['Alex Wilber', ['inc999999'], /There is no incident inc999999/],
  [
    'Alex Wilber',
    ['restore-database', '--app', 'nothing'],
    /no protected app "nothing"\. There are: apprequest/,
  ],
] as const)('%s: %j is refused with what would work, and nothing is begun', async (person, args, words) => {
  const terminal = plays(world, person, ...args);
  expect(await terminal.ended).toBe(2);
  expect(terminal.output()).toMatch(words);
  expect(changes(world)).toEqual([]);
});
