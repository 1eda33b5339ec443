import { isChange, patternOf, requestKey } from '../theatre/changes';
import type { Point } from '../theatre/points';
import { type Wrong, wrongs } from '../theatre/wrongs';
import { type Answer, type Counter, openCounter, STALL_MS } from './counter';
import { type Heard, judged, rowOf } from './judge';

/**
 * `CHAOS=all` asks for everything with everything going wrong that can, and prints the table; `CHAOS='403.*triage'` asks
 * for the lines of the table that this matches.
 */
const chaos = process.env['CHAOS'] ?? '';
const everything = chaos !== '';

/** A call that an answer depends on, and what goes wrong with it. */
type Pair = readonly [Point, Wrong];

/** Declares the tests in which the calls go wrong that the bot makes when it is asked something, after each of these disasters. */
export function everyReadWrong(disasters: readonly (string | null)[]): void {
  let counter: Counter;
  const results: Heard[] = [];
  beforeAll(async () => {
    counter = await openCounter();
  });
  afterAll(async () => {
    if (everything) process.stdout.write(`\n${summaryOf(results)}\n`);
    await counter.close();
  });

  // A sample asks after a few of many disasters.
  const some = everything ? disasters : disasters.filter((_, index) => index % 4 === 0);
  test.each(some)(
    'disaster: %s. Whatever goes wrong with a call to Azure, the answer says what is not known and claims nothing else',
    async (disaster) => {
      const bad: string[] = [];
      let nth = disasters.indexOf(disaster);
      for (const what of asked(counter, disaster)) {
        const calm = await counter.ask(what, disaster);
        expect(calm.journal.filter(isChange).map(requestKey)).toEqual([]);
        const points = await newPoints(counter, what, disaster, calm);
        const pairs = everything ? pairsLike(points, `${disaster} ${what}`) : fewPairs(points, nth++);
        for (const [point, wrong] of pairs) {
          const fault = {
            ...wrong.fault,
            ...('delayMs' in wrong.fault ? { delayMs: STALL_MS } : {}),
            ...{ method: point.key.slice(0, point.key.indexOf(' ')), path: patternOf(point.key) },
          };
          const answer = await counter.ask(what, disaster, fault);
          const result = judged({ what, disaster, point, wrong }, calm, answer);
          results.push(result);
          if (everything) process.stdout.write(`${rowOf(result)}\n`);
          if (result.complaints.length > 0) bad.push(rowOf(result));
        }
      }
      expect(bad).toEqual([]);
    },
    everything ? 7_200_000 : 120_000,
  );
}

/** After a disaster everything may be asked as well; a sample asks then for what people ask first. */
const asked = ({ asks }: Counter, disaster: string | null): readonly string[] =>
  everything || disaster === null ? asks : ['triage'];

/** What an answer reads; after a disaster only a triage is told by what is as before, everything else by what is new. */
async function newPoints(
  counter: Counter,
  what: string,
  disaster: string | null,
  calm: Answer,
): Promise<readonly Point[]> {
  const before =
    disaster === null || what === 'triage' ? new Set<string>() : keysOf(await counter.ask(what, null));
  return [...keysOf(calm)]
    .filter((key) => !before.has(key))
    .map((key) => ({ key, reads: true, from: 'the beginning', accepted: false }));
}

const keysOf = ({ journal }: Answer): ReadonlySet<string> => new Set(journal.map(requestKey));

const pairsOf = (points: readonly Point[]): readonly Pair[] =>
  points.flatMap((point) =>
    wrongs.filter(({ befalls }) => befalls?.(point) ?? true).map((wrong) => [point, wrong] as const),
  );

function pairsLike(points: readonly Point[], about: string): readonly Pair[] {
  const wanted = new RegExp(chaos === 'all' ? '' : chaos);
  return pairsOf(points).filter(([{ key }, { name }]) => wanted.test(`${name} ${about} ${key}`));
}

/** One of them, another call and another wrong each time. */
const fewPairs = (points: readonly Point[], nth: number): readonly Pair[] => {
  const pairs = pairsOf(points);
  return pairs.length === 0 ? [] : pairs.slice((nth * 37 + 5) % pairs.length).slice(0, 1);
};

/** `1234 answers: 800 same, 400 said, 34 unused, 0 not met; 2 wrong` */
function summaryOf(results: readonly Heard[]): string {
  const ends = (['same', 'said', 'unused', 'not met'] as const).map(
    (end) => `${results.filter((one) => one.end === end).length} ${end}`,
  );
  const wrong = results.filter(({ complaints }) => complaints.length > 0).length;
  return `${results.length} answers: ${ends.join(', ')}; ${wrong} wrong`;
}
