import type { Compiled } from '../../src/engine/runbook';
import { driftBetween } from '../../src/incidents/plan';
import { runbook } from '../../src/runbooks/restore-database';
import { createFakeAzure, type FakeState, freshState } from '../support/fake-azure';
import { shop } from '../support/protected-app';
import { noon } from '../support/story';

/** Ticks of 2026-02-14T11:00:00.000Z. */
const gone = 'shop,134155404000000000';
const deletedAt = '2026-02-14T11:00:00.000Z';

/** The app's own database was deleted; its former secondary is left on the partner of the failover group. */
function withoutShop(change: (state: FakeState) => void = () => undefined): FakeState {
  const state = freshState({ group: true });
  delete state.databases['sql-primary']?.['shop'];
  state.links = [];
  state.groups = state.groups.map((group) => ({ ...group, databases: [] }));
  state.dropped[gone] = { name: 'shop', tier: 'S1', deletedAt, earliestRestore: '2026-02-08T12:00:00.000Z' };
  change(state);
  return state;
}

const compiled = (
  parameters: object = {},
  state = withoutShop(),
  begun: readonly string[] = [],
): Promise<Compiled> =>
  runbook.compile(
    runbook.parameters.parse({ app: 'shop', database: gone, at: deletedAt, how: 'swap', ...parameters }),
    {
      ...{ app: shop, azure: createFakeAzure({ now: () => noon, state }), now: noon, past: () => null },
      ...{ run: 'inc1-1', requestedAt: noon, begun: new Set(begun) },
    },
  );

const refusal = (made: Compiled) => ('refused' in made ? made.refused : null);
function planOf(made: Compiled) {
  if ('refused' in made) throw new Error(made.refused.what);
  return made.plan;
}
const online = { status: 'Online', tier: 'S0', createdAt: 0, retentionDays: 7, tags: {} } as const;

test('a failover group that may have held it is named, and so is a former secondary that stands in the way', async () => {
  const { notices, afterwards } = planOf(await compiled());
  const said = notices.join('\n');
  expect(said).toContain('It is in no failover group: if it was a member of fog-shop (with sql-secondary)');
  expect(said).toContain('sql-secondary still has a database shop: its former secondary');
  expect(afterwards[0]).toMatch(
    /^If shop belongs to fog-shop, put it back, after the former secondary on sql-secondary was renamed or removed: az sql failover-group update --name fog-shop --add-db shop$/,
  );
});

test('at its deletion it is asked for without a moment, and before it with one', async () => {
  const restoreOf = async (at: string) => {
    const step = planOf(await compiled({ at })).stages.find(({ name }) => name === 'restore');
    return step?.kind === 'step' ? step.does : {};
  };
  expect(await restoreOf(deletedAt)).toMatchObject({ dropped: gone, target: 'shop', at: null, tier: 'S1' });
  expect(await restoreOf('2026-02-14T10:30:00Z')).toMatchObject({ at: '2026-02-14T10:30:00Z' });
});

test.each([
  ['that Azure does not list any more', { database: 'shop,134155404000000001' }, 'DeletedDatabaseNotFound'],
  ['to a moment after its deletion', { at: '2026-02-14T11:00:01Z' }, 'RestorePointTooNew'],
  ['to a moment before its backups', { at: '2026-02-01T11:00:00Z' }, 'RestorePointTooOld'],
])('a deleted database %s is refused', async (_, parameters, code) => {
  expect(refusal(await compiled(parameters))?.code).toBe(code);
});

test('a lock on its server is refused, since it forbids making anything there', async () => {
  const state = withoutShop(({ locks }) => {
    const scope = '/subscriptions/sub/resourceGroups/group';
    locks.push({ name: 'frozen', level: 'ReadOnly', scope });
  });
  expect(refusal(await compiled({}, state))).toMatchObject({ code: 'ScopeLocked' });
});

test('where its name was taken again nothing is overwritten, and beside it works', async () => {
  const taken = () =>
    withoutShop(({ databases }) => {
      databases['sql-primary'] = { shop: { ...online, id: 'id-empty' } };
    });
  expect(refusal(await compiled({}, taken()))?.code).toBe('NameTaken');
  const beside = planOf(await compiled({ how: 'beside' }, taken()));
  expect(beside.stages.map(({ name }) => name)).toEqual(['begin', 'restore', 'verify']);
  expect(beside.title).toMatch(/, beside production$/);
});

test('while it is being restored its name is its own, and the approval goes on to hold', async () => {
  const before = planOf(await compiled());
  const restoring = withoutShop(({ databases }) => {
    databases['sql-primary'] = { shop: { ...online, id: 'id-new', status: 'Restoring' } };
  });
  const during = planOf(await compiled({}, restoring, ['restore']));
  expect(driftBetween(before.observed, during.observed)).toEqual([]);
});

test('asked for by its plain name, it is said to be deleted, and how it comes back', async () => {
  expect(refusal(await compiled({ database: 'shop', at: '2026-02-14T10:30:00Z' }))).toMatchObject({
    code: 'DatabaseDeleted',
    what: expect.stringMatching(/^shop was deleted 2026-02-14T11:00:00Z\. .*"@dr restore shop" offers it/),
  });
});

test('the form lists it, marked as deleted, and offers it as it was at its end', async () => {
  const azure = createFakeAzure({ now: () => noon, state: withoutShop() });
  const form = await runbook.form({ app: shop, azure, now: noon, past: () => null }, { database: 'shop' });
  expect(form).toMatchObject({
    ...{ database: gone, latest: deletedAt, ended: true, tier: 'S1' },
    databases: [{ title: 'shop · deleted 2026-02-14T11:00:00Z', value: gone }],
    moments: [{ words: 'shop was deleted', parameters: { database: gone, at: deletedAt } }],
  });
});
