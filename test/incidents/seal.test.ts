import type { Entry } from '../../src/incidents/event';
import { firstBroken, seal } from '../../src/incidents/seal';
import { entries, minutesIn } from '../support/story';

function sealed(...notes: readonly string[]): readonly Entry[] {
  let hash = '';
  return entries(...notes.map((text) => ({ type: 'note.added' as const, text }))).map((draft, index) => {
    const unsealed = { ...draft, incident: 'inc1', seq: index + 1, recordedAt: minutesIn(index) };
    hash = seal(hash, unsealed);
    return { ...unsealed, hash };
  });
}

const chain = sealed('disk full', 'restore asked for', 'restored', 'green again');

const replaced = (index: number, change: Partial<Entry>): readonly Entry[] =>
  chain.map((entry, at) => (at === index ? { ...entry, ...change } : entry));

test('an untouched chain holds, and so does an empty one', () => {
  expect(firstBroken(chain)).toBeNull();
  expect(firstBroken([])).toBeNull();
});

test('entries read back as JSON, with the time in other words, still hold', () => {
  const read: readonly Entry[] = chain.map((entry) => ({ ...entry, happenedAt: new Date(entry.happenedAt) }));
  expect(firstBroken(read)).toBeNull();
});

test.each<[string, Partial<Entry>]>([
  ['what happened', { event: { type: 'note.added', text: 'restore asked For' } }],
  ['who did it', { actor: { kind: 'person', id: 'mallory', name: 'Mallory' } }],
  ['when it happened', { happenedAt: minutesIn(99) }],
  ['when it was recorded', { recordedAt: minutesIn(99) }],
  ['which run it belongs to', { run: 'inc1-2' }],
  ['which incident it belongs to', { incident: 'inc2' }],
  ['its id', { id: 'other' }],
])('a changed entry is found by %s', (_what, change) => {
  expect(firstBroken(replaced(1, change))).toMatchObject({ seq: 2 });
});

test('an entry that was changed and sealed anew is found at the entry behind it', () => {
  const [first, second] = chain;
  if (!first || !second) throw new Error('The chain is too short.');
  const forged = { ...second, event: { type: 'note.added' as const, text: 'nothing happened' } };
  const resealed = { ...forged, hash: seal(first.hash, forged) };
  expect(firstBroken([first, resealed, ...chain.slice(2)])).toMatchObject({ seq: 3 });
});

test('a dropped entry is found', () => {
  expect(firstBroken(chain.filter((entry) => entry.seq !== 2))).toMatchObject({ seq: 3 });
});

test('a dropped first entry is found', () => {
  expect(firstBroken(chain.slice(1))).toMatchObject({ seq: 2 });
});

test('a dropped entry is found even when the numbers behind it were closed up', () => {
  const closedUp = chain
    .filter((entry) => entry.seq !== 2)
    .map((entry, index) => ({ ...entry, seq: index + 1 }));
  expect(firstBroken(closedUp)).toMatchObject({ id: 'entry-2' });
});

test('entries in another order are found', () => {
  const [a, b, c, d] = chain;
  if (!a || !b || !c || !d) throw new Error('The chain is too short.');
  expect(firstBroken([a, c, b, d])).toMatchObject({ seq: 3 });
});

test('an inserted entry is found', () => {
  const [a, b, c, d] = chain;
  if (!a || !b || !c || !d) throw new Error('The chain is too short.');
  expect(firstBroken([a, b, { ...b, id: 'slipped-in' }, c, d])).toMatchObject({ id: 'slipped-in' });
});

test('entries cut off at the end leave a chain that holds, with another head than the one that was published', () => {
  const cut = chain.slice(0, -1);
  expect(firstBroken(cut)).toBeNull();
  expect(cut.at(-1)?.hash).not.toBe(chain.at(-1)?.hash);
});

test('what was said at a terminal is marked under the seal, and entries from before there were marks keep theirs', () => {
  const [draft] = entries({ type: 'note.added', text: 'disk full' });
  if (!draft) throw new Error('There is no entry.');
  const unsealed = { ...draft, incident: 'inc1', seq: 1, recordedAt: minutesIn(0) };
  const by = { kind: 'person', id: 'alex', name: 'Alex Wilber' } as const;
  const said = seal('', { ...unsealed, actor: by });
  expect(seal('', { ...unsealed, actor: { ...by, via: 'terminal' } })).not.toBe(said);
  expect(said).toBe('da3e4b255d9f3577586e719186a4347273408261aca484ec75143addac952f42');
});
