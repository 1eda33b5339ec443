import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, restores } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    estate: ({ apps }) => {
      for (const app of apps)
        app.gates['begin'] = {
          needs: [{ role: 'approver', count: 1 }],
          expiresAfterMinutes: 60,
          onExpiry: 'stop',
          escalation: { afterMinutes: 0.02, role: 'security' },
        };
    },
  });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));

test('the incident commander goes ahead alone, everybody is told at once, and the review stays open until another signs it', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.answers('Adele Vance', 'begin', 'Break glass', { reason: 'now' });
  expect(changes(world)).toEqual([]);
  await run.answers('Adele Vance', 'begin', 'Break glass', {
    reason: 'The shop loses orders and nobody answers',
  });

  await run.happens('gate.broken');
  await run.hears(/BREAK-GLASS .*The shop loses orders/);
  const card = await world.teams.waitFor(() =>
    world.teams
      .personal('Megan Bowen')
      .find((message) => world.teams.buttons('Megan Bowen', message).includes('I have reviewed it')),
  );
  expect(world.teams.words('Megan Bowen', card)).toContain('The shop loses orders');
  expect(await run.over()).toBe('completed');

  await run.say('Alex Wilber', '@dr status');
  await run.hears(/A break-glass waits for a review/);
  await run.say('Adele Vance', '@dr sign review fine');
  await run.hears(/You went ahead alone, so somebody else must review it/);
  await world.teams.press('Megan Bowen', card, 'I have reviewed it', { reason: 'It was right.' });
  expect((await run.happens('review.signed')).event.words).toBe('It was right.');
  await run.hears(/Reviewed the break-glass .*It was right/);
});

test('after the time that the policy sets, a second group is asked as well', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  expect((await run.happens('gate.escalated')).event).toMatchObject({ stage: 'begin', role: 'security' });
  await run.hears(/nobody has answered, so every security is asked as well/);
  await run.answers('Adele Vance', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
});

test('a lent role is answered with by whom it was lent to, and its holder is told to take it back first', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.happens('gate.opened', { stage: 'begin' });
  await run.say('Megan Bowen', '@dr delegate approver to Nobody until 18:00');
  await run.hears(/Nobody in the estate is called "Nobody"/);
  await run.say('Megan Bowen', '@dr delegate security to Isaiah until in 2 hours');
  await run.hears(/You do not hold the role security/);
  await run.say(
    'Megan Bowen',
    '@dr delegate approver to Isaiah Langer until in 2 hours because I board a plane',
  );
  expect((await run.happens('role.delegated')).event).toMatchObject({
    role: 'approver',
    reason: 'I board a plane',
  });
  await run.hears(/Lent the role approver to Isaiah Langer until/);

  await run.answers('Isaiah Langer', 'begin', 'Approve');
  expect((await run.happens('vote.cast')).event).toMatchObject({
    ...{ roles: ['viewer', 'approver'], onBehalfOf: [expect.objectContaining({ name: 'Megan Bowen' })] },
  });
  expect(await run.over()).toBe('completed');
});
