import type { Entry } from '../../src/incidents/event';
import { seal } from '../../src/incidents/seal';
import { sealsIn, verifyExport } from '../../src/incidents/verify-export';
import { entries, minutesIn } from '../support/story';

type Unsealed = Omit<Entry, 'hash'>;

/** Seals entries one behind the other, as the store does. */
function sealed(unsealed: readonly Unsealed[]): readonly Entry[] {
  let hash = '';
  return unsealed.map((entry, index) => {
    const renumbered = { ...entry, seq: index + 1 };
    hash = seal(hash, renumbered);
    return { ...renumbered, hash };
  });
}

const notes = ['disk full', 'restore asked for', 'approved', 'restored', 'green again', 'closed'];
const chain = sealed(
  entries(...notes.map((text) => ({ type: 'note.added' as const, text }))).map((draft, index) => ({
    ...{ ...draft, incident: 'inc1', seq: index + 1, recordedAt: minutesIn(index) },
  })),
);
const head = { seq: 6, hash: chain[5]?.hash ?? '' };
const posted = [3, 6].map((seq) => ({ seq, hash: chain[seq - 1]?.hash ?? '' }));

/** The chain as an export, with its entries replaced: read back from JSON, as a file is. */
const verify = (
  changed: readonly Entry[],
  more: { readonly seal?: typeof head; readonly posted?: typeof posted } = {},
  outside: typeof posted = [],
) =>
  verifyExport(
    JSON.parse(JSON.stringify({ incident: 'inc1', seal: head, posted, entries: changed, ...more })),
    outside,
  );

const said = (entry: Entry, text: string): Entry => ({ ...entry, event: { type: 'note.added', text } });

test('an export as it was written is whole', () => {
  expect(verify(chain)).toEqual({ whole: true, entries: 6, hash: head.hash, compared: 2 });
});

test('a single changed letter is found at its entry', () => {
  const changed = chain.map((entry) => (entry.seq === 4 ? said(entry, 'Restored') : entry));
  expect(verify(changed)).toMatchObject({
    whole: false,
    seq: 4,
    why: expect.stringContaining('was changed'),
  });
});

test('a dropped entry is named', () => {
  expect(verify(chain.filter(({ seq }) => seq !== 2))).toMatchObject({
    ...{ whole: false, seq: 2, why: expect.stringContaining('entry 2 is missing') },
  });
});

test('entries that changed places are named', () => {
  const [one, two, three, ...rest] = chain;
  if (!one || !two || !three) throw new Error('The chain is too short.');
  expect(verify([one, three, two, ...rest])).toMatchObject({
    ...{ whole: false, seq: 2, why: expect.stringContaining('not in its place') },
  });
});

test('an entry put in is named, whether it takes a number that is taken or moves the others on', () => {
  const [one, two, ...rest] = chain;
  if (!one || !two) throw new Error('The chain is too short.');
  expect(verify([one, two, said(two, 'all is well'), ...rest])).toMatchObject({ whole: false, seq: 2 });
  const moved = [
    one,
    said({ ...two, seq: 2 }, 'all is well'),
    ...[two, ...rest].map((entry) => ({ ...entry, seq: entry.seq + 1 })),
  ];
  expect(verify(moved)).toMatchObject({ whole: false, seq: 2 });
});

test('the newest entries cut off are named, by the head, and by what was posted when the head was cut as well', () => {
  const cut = chain.slice(0, 4);
  expect(verify(cut)).toMatchObject({ whole: false, seq: 5, why: expect.stringContaining('cut off') });
  const cutHead = { seq: 4, hash: cut[3]?.hash ?? '' };
  expect(verify(cut, { seal: cutHead })).toMatchObject({ whole: false, seq: 5 });
  expect(verify(cut, { seal: cutHead, posted: posted.slice(0, 1) }, posted)).toMatchObject({
    ...{ whole: false, seq: 5, why: expect.stringContaining('the seal of entry 6 was posted') },
  });
});

test('a timeline that was changed and sealed anew as a whole is found by what was posted', () => {
  const forged = sealed(chain.map((entry) => (entry.seq === 5 ? said(entry, 'red again') : entry)));
  const forgedHead = { seq: 6, hash: forged[5]?.hash ?? '' };
  expect(verify(forged, { seal: forgedHead })).toMatchObject({
    ...{ whole: false, seq: 4, why: expect.stringContaining('one of 4 to 6') },
  });
  // Whoever changes the export's own copy of the seals as well is found by the lines in the channel.
  const lies = [3, 6].map((seq) => ({ seq, hash: forged[seq - 1]?.hash ?? '' }));
  expect(verify(forged, { seal: forgedHead, posted: lies })).toMatchObject({ whole: true });
  expect(verify(forged, { seal: forgedHead, posted: lies }, posted)).toMatchObject({ whole: false, seq: 4 });
});

test('what is no export is said to be none', () => {
  expect(() => verifyExport({ hello: 1 }, [])).toThrow(/no timeline as the bot exports it/);
  expect(() => verifyExport(null, [])).toThrow(/no timeline/);
});

test('seals are read from lines copied out of the channel, whatever stands around them', () => {
  const text = posted
    .map(
      ({ seq, hash }) =>
        `dr-bot 10:0${seq}\n#${seq} 10:00:00Z · dr-bot · Approval: approved · Sealed to here: ${hash}\n#9 x`,
    )
    .join('\n');
  expect(sealsIn(text)).toEqual(posted);
});
