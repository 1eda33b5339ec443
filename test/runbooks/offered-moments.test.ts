import type { AuditEntry } from '../../src/azure/audit/audit-trail';
import type { DatabaseChange } from '../../src/azure/audit/database-changes';
import type { Azure, Database } from '../../src/azure/azure';
import { AzureProblem } from '../../src/azure/operation';
import { momentBefore } from '../../src/runbooks/parts/bound-entry';
import { offeredMoments } from '../../src/runbooks/parts/offered-moments';
import { createFakeAzure, freshState, primary } from '../support/fake-azure';
import { shop } from '../support/protected-app';
import { noon } from '../support/story';

const minutesBefore = (minutes: number): Date => new Date(noon.getTime() - minutes * 60_000);

const entry = (minutes: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{
    id: `e${minutes}`,
    at: minutesBefore(minutes),
    by: 'Anna',
    action: 'delete',
    table: 'requests',
    rows: 3,
  },
  ...more,
});
const change = (minutes: number, did: DatabaseChange['did']): DatabaseChange => ({
  ...{ id: `c${minutes}`, at: minutesBefore(minutes), by: 'megan@contoso.com', did, database: 'shop' },
});
const broken = new AzureProblem('Reading it did not work.', {
  ...{ code: 'Http500', status: 500, passing: true, unknownOutcome: false },
  ...{ retryAfterMs: null, correlationId: null },
});

/** What the form offers when the two logs tell this. */
async function offered(audit: {
  readonly trail?: Azure['audit']['trail'];
  readonly changes?: Azure['audit']['changes'];
  readonly app?: Partial<typeof shop>;
}) {
  const fake = createFakeAzure({ now: () => noon, state: freshState() });
  const azure: Azure = {
    ...fake,
    audit: { trail: audit.trail ?? (async () => []), changes: audit.changes ?? (async () => []) },
  };
  const live = (await azure.database(primary, 'shop')) as Database;
  const context = { app: { ...shop, ...audit.app }, azure, now: noon, past: () => null };
  return offeredMoments(context, live);
}

const told = ({ moments }: Awaited<ReturnType<typeof offered>>) => moments.map(({ words }) => words);

test.each([
  ['2026-02-14T09:58:12.345Z', '2026-02-14T09:58:11.000Z'],
  ['2026-02-14T09:58:12.000Z', '2026-02-14T09:58:11.000Z'],
  ['2026-02-14T09:58:12.999Z', '2026-02-14T09:58:11.000Z'],
  ['2026-02-14T00:00:00.000Z', '2026-02-13T23:59:59.000Z'],
])('the moment before %s is %s: a whole second, at least a second before', (at, before) => {
  expect(momentBefore(new Date(at)).toISOString()).toBe(before);
});

test('deletions come first, the newest first, then what was changed; what was added is not offered', async () => {
  const found = await offered({
    trail: async () => [
      entry(300),
      entry(20, { action: 'insert' }),
      entry(30, { action: 'update', rows: 1 }),
      entry(200, { by: 'Bilal' }),
    ],
    changes: async () => [change(40, 'changed'), change(50, 'renamed'), change(60, 'changed')],
  });

  expect(told(found)).toEqual([
    'Bilal deleted 3 requests',
    'Anna deleted 3 requests',
    'Anna changed 1 row of requests',
    'megan@contoso.com changed shop',
  ]);
  expect(found.notices).toEqual([]);
});

test('never more than five, however much was deleted', async () => {
  const trail = async () => Array.from({ length: 40 }, (_, index) => entry(60 + 10 * index));
  expect((await offered({ trail, changes: async () => [change(30, 'changed')] })).moments).toHaveLength(5);
});

test('one person deleting for a while is one deletion: back behind its first step, bound to that', async () => {
  const steps = [entry(60, { rows: 1 }), entry(59, { rows: 200 }), entry(58, { rows: 13 }), entry(30)];
  const { moments } = await offered({ trail: async () => steps });

  expect(moments.map(({ words }) => words)).toEqual([
    'Anna deleted 3 requests',
    'Anna deleted 214 requests in 3 steps',
  ]);
  expect(moments[1]?.parameters).toEqual({
    ...{ database: 'shop', at: momentBefore(minutesBefore(60)).toISOString() },
    entry: {
      ...{ source: 'audit trail', id: 'e60', at: minutesBefore(60).toISOString() },
      words: 'Anna deleted 1 row of requests',
    },
  });
});

test('others, and other tables, are deletions of their own', async () => {
  const trail = async () => [entry(60), entry(59.5, { by: 'Bilal' }), entry(59, { table: 'apps' })];
  expect((await offered({ trail })).moments).toHaveLength(3);
});

test('what is older than the backups is left out; what is not in them yet says from when on', async () => {
  const { moments } = await offered({ trail: async () => [entry(8 * 1440), entry(2)] });

  expect(moments).toHaveLength(1);
  // The moment before, and the ten minutes that the log backups may lag.
  expect(moments[0]?.possibleFrom).toBe(
    new Date(momentBefore(minutesBefore(2)).getTime() + 600_000).toISOString(),
  );
});

test('a log that cannot be read is said to be unknown, and the other one still tells', async () => {
  const found = await offered({
    trail: () => Promise.reject(broken),
    changes: async () => [change(40, 'deleted')],
  });

  expect(told(found)).toEqual(['megan@contoso.com deleted shop']);
  expect(found.notices).toEqual([
    "The app's audit trail could not be read (Http500), so deletions of rows are not listed. Type the time instead.",
  ]);
});

test('a mistake of our own is not taken for a log that cannot be read', async () => {
  await expect(offered({ trail: () => Promise.reject(new TypeError('oops')) })).rejects.toThrow('oops');
});

test('without an audit trail in the estate, nobody is asked for one', async () => {
  const trail = () => Promise.reject(new Error('asked'));
  expect((await offered({ trail, app: { auditTrailUrl: null } })).moments).toEqual([]);
});
