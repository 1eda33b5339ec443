import { demoGroups } from '../../src/simulator/graph/directory-state';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, restores } from './support/run';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    environment: { ROLES_FRESH_SECONDS: '1' },
    estate: (estate) => {
      // Roles come from Entra alone, but for the one who may break the glass.
      estate.people = [
        { id: '00000000-0000-0000-0000-0000000000022', name: 'Adele Vance', roles: ['incident-commander'] },
      ];
      estate.groups = [
        { id: demoGroups.approvers, role: 'approver' },
        { id: demoGroups.leads, role: 'security' },
        { id: demoGroups.responders, role: 'responder' },
      ];
    },
  });
});
afterAll(() => world.close());
afterEach(() => endRuns(world));

test('members of groups ask and approve; a group inside another counts, and the one who asked is barred all the same', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve', 'thread');
  expect(world.teams.buttons('Alex Wilber', card)).not.toContain('Approve');
  await run.answers('Adele Vance', 'begin', 'Approve');
  expect((await run.happens('vote.cast')).event.roles).toEqual(
    expect.arrayContaining(['approver', 'security', 'incident-commander']),
  );
  expect(await run.over()).toBe('completed');
});

test('while Entra cannot be asked, nobody has a role from it: closed, with break-glass as the way out', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  const before = changes(world).length;
  const card = await run.gateCard('Megan Bowen', 'begin', 'Approve');
  world.simulator.addFault({ path: '/transitiveMembers', status: 503, times: 1_000 });
  // What Entra said before holds for a minute at most.
  await new Promise((later) => setTimeout(later, 1_500));
  await world.teams.press('Megan Bowen', card, 'Approve');
  expect((await run.timeline()).filter(({ event }) => event.type === 'vote.cast')).toEqual([]);
  expect(changes(world)).toHaveLength(before);

  await run.answers('Adele Vance', 'begin', 'Break glass', {
    reason: 'Entra is down and the shop loses orders',
  });
  expect(await run.over()).toBe('completed');
}, 60_000);
