import { conversationIn } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes, databases, productionNow, rows } from './support/azure';
import { tokenOf } from './support/press';
import { endRuns, restores } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    estate: ({ apps }) => {
      const [app] = apps;
      if (!app) return;
      const oneApprover = [{ role: 'approver', count: 1 }];
      const twoApprovers = [{ role: 'approver', count: 2 }];
      const begin = { needs: twoApprovers, expiresAfterMinutes: 60, onExpiry: 'stop' };
      const soon = { needs: oneApprover, expiresAfterMinutes: 0.03 };
      apps.push({ ...app, name: 'careful', gates: { ...app.gates, begin } });
      apps.push({ ...app, name: 'hasty', gates: { ...app.gates, begin: { ...soon, onExpiry: 'stop' } } });
      apps.push({ ...app, name: 'lasting', gates: { ...app.gates, commit: { ...soon, onExpiry: 'go-on' } } });
    },
  });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));
beforeEach(() => world.simulator.reset());

const restoring = (app: string) => ({ text: `@dr restore ${app} db to 30 minutes ago` });

/** The words that the bot answers a press with. */
const wordsIn = (answer: { readonly body: unknown }): string => JSON.stringify(answer.body);

test('a restore that is rejected at the first gate changes nothing, and the reason is kept', async () => {
  const run = await restores(world, restoring('apprequest'));
  await run.answers('Megan Bowen', 'begin', 'Reject', { reason: 'the rows were found' });
  expect(await run.over()).toBe('rejected');
  expect((await run.happens('vote.cast')).event).toMatchObject({
    choice: 'reject',
    reason: 'the rows were found',
  });
  expect(changes(world)).toEqual([]);
  await run.hears(/Megan Bowen · .*“the rows were found”/);
});

test('a restore that is rejected at the swap leaves production as it was and the copy beside it', async () => {
  const before = productionNow(world);
  const run = await restores(world, restoring('apprequest'));
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Adele Vance', 'swap', 'Reject');
  expect(await run.over()).toBe('rejected');
  expect(changes(world)).toEqual(['PUT AppRequestPortal-restored']);
  expect(productionNow(world)).toEqual(before);
  expect(databases(world)[1]?.requests).toBe(rows.before);
});

test('a gate that nobody answers in time counts as no, as its card said, and nothing is changed', async () => {
  const run = await restores(world, restoring('hasty'));
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  expect(world.teams.words('Megan Bowen', card)).toContain(
    'After that it counts as no: the run ends, and nothing more is changed.',
  );
  expect(await run.over()).toBe('expired');
  expect((await run.happens('gate.closed')).event.because).toBe('expired');
  expect(changes(world)).toEqual([]);
  await world.teams.waitFor(() => world.teams.words('Megan Bowen', card).includes('Expired'));
  expect(world.teams.buttons('Megan Bowen', card)).toEqual([]);
});

test('a swap that nobody confirms in time is kept, as the estate says', async () => {
  const run = await restores(world, restoring('lasting'));
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  expect(await run.over()).toBe('completed');
  expect((await run.happens('gate.closed', { stage: 'commit' })).event).toMatchObject({
    because: 'expired',
    choice: 'keep',
  });
  expect(productionNow(world).requests).toBe(rows.before);
});

test('whoever asked sees no button to approve, and a press with the token of an approver is refused', async () => {
  const run = await restores(world, restoring('apprequest'));
  const shared = await run.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  expect(world.teams.buttons('Alex Wilber', shared)).not.toContain('Approve');
  const stolen = tokenOf(world, 'Megan Bowen', shared, 'Approve');

  const answer = await world.teams.execute('Alex Wilber', shared, { verb: 'press', data: { token: stolen } });
  expect(wordsIn(answer)).toContain('drawn for somebody else');
  const typed = await world.teams.submit('Alex Wilber', shared, { token: stolen, reason: 'me' });
  expect(typed.status).toBe(200);
  await run.hears(/drawn for somebody else/);
  expect((await run.timeline()).filter(({ event }) => event.type === 'vote.cast')).toEqual([]);
  expect(changes(world)).toEqual([]);
  await run.say('Alex Wilber', '@dr abort');
  expect(await run.over()).toBe('aborted');
});

test('an approver who asks cannot approve their own restore, not even where they see the button of others', async () => {
  const run = await restores(world, { ...restoring('apprequest'), by: 'Megan Bowen' });
  const shared = await run.gateCard('Adele Vance', 'begin', 'Approve', 'thread');
  await world.teams.waitFor(() =>
    world.teams.words('Megan Bowen', shared).includes('somebody else must approve it'),
  );
  expect(world.teams.buttons('Megan Bowen', shared)).not.toContain('Approve');
  await world.teams.press('Adele Vance', shared, 'Reject: stop the run');
  expect(await run.over()).toBe('rejected');
});

test('somebody who may only look sees no button to answer, and what they type is refused in words', async () => {
  const run = await restores(world, restoring('apprequest'));
  const shared = await run.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  await world.teams.press('Isaiah Langer', shared, 'Answer');
  expect(world.teams.words('Isaiah Langer', shared)).toContain('Only an approver may answer this');
  expect(world.teams.buttons('Isaiah Langer', shared).join()).not.toMatch(/Approve|Reject/);
  const stolen = tokenOf(world, 'Megan Bowen', shared, 'Approve');
  await world.teams.execute('Isaiah Langer', shared, { verb: 'press', data: { token: stolen } });
  await run.say('Isaiah Langer', '@dr abort');
  await run.hears(/Only a responder or an approver may do this\. You are viewer\./);
  const there = (await run.timeline()).map(({ event }) => event.type);
  expect(there).not.toContain('vote.cast');
  expect(there).not.toContain('abort.asked');

  const { thread } = await world.teams.say('Isaiah Langer', '@dr restore apprequest db to 10:00', {
    conversation: world.freshChannel(),
  });
  await conversationIn(world, thread).hears(/Not done: restore/);
  await run.say('Alex Wilber', '@dr abort');
  expect(await run.over()).toBe('aborted');
  expect(changes(world)).toEqual([]);
});

test('where two must approve, one may withdraw until the other has answered, and only both let it begin', async () => {
  const run = await restores(world, { ...restoring('careful'), inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'begin', 'Withdraw my answer');
  await run.happens('vote.withdrawn');
  await run.answers('Adele Vance', 'begin', 'Approve');
  await run.happens('vote.cast', { nth: 2 });
  expect((await run.timeline()).map(({ event }) => event.type)).not.toContain('gate.closed');
  expect(changes(world)).toEqual([]);

  await run.answers('Megan Bowen', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect((await run.happens('gate.closed')).event).toMatchObject({ because: 'quorum', choice: 'approve' });
});

test('two approvers who press at the same moment begin the restore once', async () => {
  const run = await restores(world, { ...restoring('apprequest'), inputs: { how: 'beside' } });
  const [megans, adeles] = await Promise.all([
    run.gateCard('Megan Bowen', 'begin', 'Approve', 'chat'),
    run.gateCard('Adele Vance', 'begin', 'Approve', 'chat'),
  ]);
  await Promise.all([
    world.teams.press('Megan Bowen', megans, 'Approve'),
    world.teams.press('Megan Bowen', megans, 'Approve'),
    world.teams.press('Adele Vance', adeles, 'Approve'),
  ]);
  expect(await run.over()).toBe('completed');
  const events = (await run.timeline()).map(({ event }) => event.type);
  expect(events.filter((type) => type === 'gate.closed')).toHaveLength(1);
  expect(events.filter((type) => type === 'vote.cast').length).toBeLessThanOrEqual(2);
  expect(changes(world)).toEqual(['PUT AppRequestPortal-restored']);
});

test('an approval in one’s own chat counts as one in the channel, and both cards then say who approved', async () => {
  const run = await restores(world, { ...restoring('apprequest'), inputs: { how: 'beside' } });
  const shared = await run.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  const own = await run.gateCard('Adele Vance', 'begin', 'Approve', 'chat');
  await world.teams.press('Adele Vance', own, 'Approve', { reason: 'seen the rows' });
  expect(await run.over()).toBe('completed');
  for (const card of [shared, own])
    await world.teams.waitFor(() => {
      const words = world.teams.words('Megan Bowen', card);
      return words.includes('Answered: Approve') && words.includes('Adele Vance');
    }, 10_000);
});

test('a second restore of the same app is refused in words while the first one runs', async () => {
  const run = await restores(world, restoring('apprequest'));
  const { thread } = await world.teams.say('Adele Vance', '@dr restore apprequest db to 40 minutes ago', {
    conversation: world.freshChannel(),
  });
  const other = conversationIn(world, thread);
  await other.press('Adele Vance', 'Show the plan');
  const words = await other.hears(/Not started/);
  expect(words).toContain(`${run.run} is still open`);
  await run.say('Alex Wilber', '@dr abort');
  expect(await run.over()).toBe('aborted');
});
