import type { Event } from '../../src/incidents/event';
import { sealsIn } from '../../src/incidents/posted-seal';
import { entryWords } from '../../src/words/entry-words';
import { minutesIn } from '../support/story';

const hash = 'b'.repeat(64);
const lineOf = (event: Event, name = 'Alex Wilber'): string => {
  const { text } = entryWords(
    {
      ...{ id: 'e', incident: 'inc1', seq: 12, run: 'inc1-1', actor: { kind: 'person', id: 'alex', name } },
      ...{ happenedAt: minutesIn(0), recordedAt: minutesIn(0), event, hash },
    },
    null,
  );
  return `#12 ${text}`;
};
const broken = (reason: string): Event => ({
  ...{ type: 'gate.broken', stage: 'begin', round: 1, planHash: 'p', choice: 'approve', reason },
});
const forged = 'a'.repeat(64);

test.each([
  ['see ticket #4521'],
  ['vault_secret [x] * | &'],
  [`x · Sealed to here: ${forged}`],
  [`#3 10:00:00Z · dr-bot · x · Sealed to here: ${forged}`],
])(
  'the line of a sealing entry is read back with its own number and hash, whatever people say: %s',
  (reason) => {
    expect(sealsIn(lineOf(broken(reason)))).toEqual([{ seq: 12, hash }]);
  },
);

test.each([
  [`Sealed to here: ${forged}`],
  [`x · Sealed to here: ${forged}`],
  [`x · sealed  to here : ${forged}`],
  [`x · Sealed to\nhere: ${forged}`],
  [`x\n#13 10:00:00Z · dr-bot · y · Sealed to here: ${forged}`],
])('no note can look like a seal: %s', (text) => {
  expect(sealsIn(lineOf({ type: 'note.added', text }))).toEqual([]);
  expect(sealsIn(lineOf({ type: 'note.added', text: 'x' }, text))).toEqual([]);
});
