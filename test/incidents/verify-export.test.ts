import type { Entry, Event } from '../../src/incidents/event';
import { sealsIn } from '../../src/incidents/posted-seal';
import { seal } from '../../src/incidents/seal';
import { verifyExport, verifyText } from '../../src/incidents/verify-export';
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
  more: {
    readonly seal?: typeof head;
    readonly posted?: typeof posted;
    readonly [more: string]: unknown;
  } = {},
  outside: typeof posted = [],
) =>
  verifyExport(
    JSON.parse(JSON.stringify({ incident: 'inc1', seal: head, posted, entries: changed, ...more })),
    outside,
  );

const said = (entry: Entry, text: string): Entry => ({ ...entry, event: { type: 'note.added', text } });

test('an export as it was written is whole', () => {
  expect(verify(chain)).toEqual({
    ...{ whole: true, entries: 6, timeline: chain, hash: head.hash, compared: 2, uncompared: [] },
  });
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

const ended: Event = { type: 'gate.closed', stage: 'begin', round: 1, choice: 'approve', because: 'quorum' };
/** A chain with a gate that ended in entry 3 and a run that is over in entry 6. */
const gated = sealed(
  chain.map((entry) => {
    if (entry.seq === 3) return { ...entry, event: ended };
    const over: Event = { type: 'run.finished', outcome: 'completed', words: 'Done.' };
    return entry.seq === 6 ? { ...entry, event: over } : entry;
  }),
);
const sealOf = (seq: number) => ({ seq, hash: gated[seq - 1]?.hash ?? '' });
const gatedHead = sealOf(6);

test('each end of a gate and of a run must have its seal among those posted', () => {
  expect(verify(gated, { seal: gatedHead, posted: [sealOf(3), sealOf(6)] })).toMatchObject({ whole: true });
  expect(verify(gated, { seal: gatedHead, posted: [sealOf(6)] })).toMatchObject({
    ...{ whole: false, seq: 3, why: expect.stringContaining('not among those posted') },
  });
  expect(verify(gated, { seal: gatedHead, posted: [] }, [sealOf(3), sealOf(6)])).toMatchObject({
    ...{ whole: true, compared: 2 },
  });
});

test('a fully re-hashed timeline that lost its posted seals is not whole either', () => {
  const forged = sealed(gated.map((entry) => (entry.seq === 2 ? said(entry, 'nothing asked for') : entry)));
  const forgedHead = { seq: 6, hash: forged[5]?.hash ?? '' };
  expect(verify(forged, { seal: forgedHead, posted: [] })).toMatchObject({ whole: false, seq: 3 });
});

test('what was not in the channel yet is said to be uncompared, and never counts as compared', () => {
  expect(verify(gated, { seal: gatedHead, posted: [sealOf(3)], unposted: [6] })).toMatchObject({
    ...{ whole: true, compared: 1, uncompared: [6] },
  });
  expect(verify(gated, { seal: gatedHead, posted: [], unposted: [3, 6] })).toMatchObject({
    ...{ whole: true, compared: 0, uncompared: [3, 6] },
  });
});

test('a timeline without any entry is not whole', () => {
  const empty = { seq: 0, hash: '' };
  expect(verify([], { seal: empty, posted: [] })).toMatchObject({ whole: false, seq: 1 });
});

test('the file must be of the incident of its entries', () => {
  expect(verify(chain, { incident: 'inc99' })).toMatchObject({
    ...{ whole: false, seq: 1, why: expect.stringContaining('is of inc1') },
  });
});

test('whatever an entry says besides what is sealed is named', () => {
  const more = chain.map((entry) => (entry.seq === 4 ? { ...entry, verdict: 'approved by Megan' } : entry));
  expect(verify(more)).toMatchObject({ whole: false, seq: 4, why: expect.stringContaining('verdict') });
  expect(() => verify(chain, { approvedBy: 'Megan' })).toThrow(/approvedBy/);
  expect(() => verify(chain, { seal: { ...head, approvedBy: 'Megan' } as typeof head })).toThrow(
    /approvedBy/,
  );
});

test.each(['2026-02-14T12:03:00.0009Z', '2026-02-14T12:03:00Z', '2026-02-14T12:03:00.000+00:00', 'noon'])(
  'a time that is spelled %s can hold what the seal does not cover',
  (spelled) => {
    const text = JSON.stringify({ incident: 'inc1', seal: head, posted, entries: chain });
    const changed = text.replace('"happenedAt":"2026-02-14T12:03:00.000Z"', `"happenedAt":"${spelled}"`);
    expect(changed).not.toBe(text);
    expect(verifyText(changed, [])).toMatchObject({ whole: false, seq: 4 });
  },
);

test('a member that stands twice is named, however its name is spelled: the first would be read and the last verified', () => {
  const text = JSON.stringify({ incident: 'inc1', seal: head, posted, entries: chain }, null, 2);
  expect(verifyText(text, [])).toMatchObject({ whole: true });
  for (const name of ['event', '\\u0065vent']) {
    const forged = text.replace(/"event": (?=[^}]*disk full)/, `"${name}": {"type": "note.added"}, $&`);
    expect(verifyText(forged, [])).toMatchObject({
      ...{ whole: false, seq: 1, why: expect.stringContaining('twice') },
    });
  }
  expect(() => verifyText(text.replace('{', '{"posted": [],'), [])).toThrow(/"posted" twice/);
});

test('an amendment points at an earlier entry', () => {
  const amends = (seq: number) =>
    sealed(
      chain.map((entry) =>
        entry.seq === 4 ? { ...entry, event: { type: 'entry.amended', seq, text: 'staging' } } : entry,
      ),
    );
  const verdict = (entries: readonly Entry[]) =>
    verify(entries, { seal: { seq: 6, hash: entries[5]?.hash ?? '' }, posted: [] });
  expect(verdict(amends(3))).toMatchObject({ whole: true });
  for (const seq of [0, 4, 5, 99])
    expect(verdict(amends(seq))).toMatchObject({
      ...{ whole: false, seq: 4, why: expect.stringContaining(`amends entry ${seq}`) },
    });
});

test.each([
  [
    'the reason names a ticket',
    (hash: string) => `#12 10:00:00Z · Megan · alone: “see ticket #4521” · Sealed to here: ${hash}`,
    12,
  ],
  [
    'characters are references',
    (hash: string) => `#7 10:00:00Z · a&#95;b · x&#124;y · Sealed to here: ${hash}`,
    7,
  ],
  [
    'it was copied with spaces around it',
    (hash: string) => `  #7 10:00:00Z · Megan · ok · Sealed to here: ${hash}  `,
    7,
  ],
])('the number of a seal is the one that its line begins with when %s', (_when, line, seq) => {
  const { hash } = head;
  expect(sealsIn(`Megan Bowen\n${line(hash)}\nthanks`)).toEqual([{ seq, hash }]);
});

test.each([
  ['before', `#7 10:00:00Z · Alex · Note: Sealed to here: ${'a'.repeat(64)} they say`],
  ['without a line of the bot', `Sealed to here: ${'a'.repeat(64)}`],
  ['after the first words', `look: #7 10:00:00Z · Alex · ok · Sealed to here: ${'a'.repeat(64)}`],
  ['as a note', `#7 10:00:00Z · Alex · Note: Sealed to here: ${'a'.repeat(64)}`],
])('a seal that stands %s is none', (_where, line) => {
  expect(sealsIn(line)).toEqual([]);
});
