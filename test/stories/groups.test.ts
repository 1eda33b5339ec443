import { connect } from '../../src/azure/connect';
import { demoGroups } from '../../src/simulator/graph/directory-state';
import { pointAt } from '../support/azure-against';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, restores } from './support/run';

const megan = '00000000-0000-0000-0000-0000000000021';
const guestOfMegan = '00000000-0000-0000-0000-0000000000011';

const graphUrl = 'https://graph.microsoft.com/v1.0';

/** An administrator changes who is in a group; what Entra said before holds for a second here. */
async function inGroup(method: 'POST' | 'DELETE', account: string, group: string): Promise<void> {
  pointAt(world.simulator);
  const { graph } = connect({ now: () => new Date() });
  const members = `${graphUrl}/groups/${group}/members`;
  const patience = AbortSignal.timeout(5_000);
  if (method === 'DELETE') await graph(method, `${members}/${account}/$ref`, patience);
  else {
    const body = { '@odata.id': `${graphUrl}/directoryObjects/${account}` };
    await graph(method, `${members}/$ref`, patience, { body });
  }
  await new Promise((later) => setTimeout(later, 1_500));
}

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

test('a role that was lent counts only while its lender is in the group that gives it', async () => {
  const run = await restores(world, { by: 'Adele Vance', inputs: { how: 'beside' } });
  await run.happens('gate.opened', { stage: 'begin' });
  await run.say('Megan Bowen', '@dr delegate approver to Alex Wilber until in 2 hours');
  const card = await run.gateCard('Alex Wilber', 'begin', 'Approve');
  await inGroup('DELETE', megan, demoGroups.approvers);
  const { body } = await world.teams.press('Alex Wilber', card, 'Approve');
  expect(JSON.stringify(body)).toContain('Megan Bowen is not known to hold the role approver any more');
  await inGroup('POST', megan, demoGroups.approvers);
  await run.answers('Alex Wilber', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  expect((await run.timeline()).filter(({ event }) => event.type === 'vote.cast')).toHaveLength(1);
});

test('the one who asked stays that one when a guest account of theirs joins a group meanwhile', async () => {
  const run = await restores(world, { by: 'Megan Bowen', inputs: { how: 'beside' } });
  await run.happens('gate.opened', { stage: 'begin' });
  await inGroup('POST', guestOfMegan, demoGroups.approvers);
  await run.say('Megan Bowen', '@dr delegate approver to Alex Wilber until in 2 hours');
  await run.hears(/You asked for this run, so you cannot choose who approves it/);
  await run.answers('Adele Vance', 'begin', 'Approve');
  expect(await run.over()).toBe('completed');
  const said = await run.timeline();
  expect(said.filter(({ event }) => event.type === 'role.delegated')).toEqual([]);
  expect(said.filter(({ event }) => event.type === 'vote.cast')).toHaveLength(1);
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
