import type { Compiled } from '../../src/engine/runbook';
import { planHash } from '../../src/incidents/plan';
import { runbook } from '../../src/runbooks/restore-database';
import { createFakeAzure, type FakeState, freshState } from '../support/fake-azure';
import { shop } from '../support/protected-app';
import { noon } from '../support/story';

const entry = {
  ...{ source: 'audit trail', id: 'entry-7', at: '2026-02-14T10:00:01.500Z' },
  words: 'Anna deleted 214 requests',
};
const asked = { app: 'shop', database: 'shop', at: '2026-02-14T10:00:00Z', how: 'swap', reason: '' };

/** The trail's own words for it. */
const written: FakeState['trail'][number] = {
  ...{ id: 'entry-7', at: entry.at, by: 'Anna', action: 'delete', table: 'requests', rows: 214 },
};

async function compiled(
  parameters: object,
  trail: FakeState['trail'] = [written],
  begun: readonly string[] = [],
): Promise<Compiled> {
  const azure = createFakeAzure({ now: () => noon, state: { ...freshState(), trail } });
  return runbook.compile(runbook.parameters.parse({ ...asked, ...parameters }), {
    ...{ app: shop, azure, now: noon, past: () => null, run: 'inc1-1', requestedAt: noon },
    begun: new Set(begun),
  });
}

const refusal = (made: Compiled) => ('refused' in made ? made.refused : null);
function planOf(made: Compiled) {
  if ('refused' in made) throw new Error(made.refused.what);
  return made.plan;
}

test('the entry is in the plan: its title, its first notice, its parameters, and so in the hash that people sign', async () => {
  const bound = planOf(await compiled({ entry }));
  const typed = planOf(await compiled({}));

  expect(bound.title).toBe(
    'Restore shop to just before "Anna deleted 214 requests" (2026-02-14 10:00:00 UTC)',
  );
  expect(bound.notices[0]).toContain('just before "Anna deleted 214 requests", 2026-02-14T10:00:01.500Z');
  expect(bound.parameters['entry']).toEqual(entry);
  expect(typed.title).toBe('Restore shop to 2026-02-14 10:00 UTC');
  const other = { ...bound, parameters: { ...bound.parameters, entry: { ...entry, id: 'entry-8' } } };
  expect(new Set([bound, typed, other].map(planHash)).size).toBe(3);
});

test('an entry that is not there is refused, with what to do instead', async () => {
  expect(refusal(await compiled({ entry }, []))).toMatchObject({
    code: 'EntryGone',
    what: expect.stringMatching(
      /not in the app's audit trail any more.*type the time yourself: "@dr restore db to 2026-02-14T10:00:00Z"/,
    ),
  });
});

test.each([
  ['fewer rows', { ...written, rows: 3 }],
  ['somebody else', { ...written, by: 'Bilal' }],
  ['another moment', { ...written, at: '2026-02-14T10:00:01.900Z' }],
])('an entry that tells of %s now is refused', async (_, now) => {
  expect(refusal(await compiled({ entry }, [now]))?.code).toBe('EntryChanged');
});

test.each([
  ['later', '2026-02-14T10:00:01Z'],
  ['much earlier', '2026-02-14T09:00:00Z'],
])('a restore point %s than just before the entry is refused', async (_, at) => {
  expect(refusal(await compiled({ entry, at }))?.code).toBe('EntryMismatch');
});

test('once the restore has begun its point is settled, whatever the app tells now', async () => {
  const made = await compiled({ entry }, [], ['restore']);
  expect(planOf(made).parameters['entry']).toEqual(entry);
});
