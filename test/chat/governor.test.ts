import fc from 'fast-check';
import { createGovernor } from '../../src/chat/governor';
import { createLimiter } from '../../src/simulator/teams/limits';

/** Teams' own limits for one conversation (msteams-docs, bots/how-to/rate-limit.md). */
const limits = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const;

test('whatever is asked and whenever it restarts, a conversation never gets more than Teams allows', () => {
  // Teams gets a send at any time between its beginning and its answer, here up to a second later.
  const one = { pause: fc.nat(900), redraw: fc.boolean(), restart: fc.boolean(), takes: fc.nat(1_000) };
  const asked = fc.array(fc.record(one), {
    minLength: 50,
    maxLength: 300,
  });
  fc.assert(
    fc.property(asked, (asks) => {
      let clock = 0;
      const now = () => new Date(clock);
      const sent: Date[] = [];
      // What the store has of them: it is written before they leave.
      const begun: Date[] = [];
      let governor = createGovernor(now, []);
      for (const { pause, redraw, restart, takes } of asks) {
        clock += pause;
        if (restart)
          governor = createGovernor(
            now,
            begun.map((at) => ({ conversation: 'general', at })),
          );
        if (governor.ask('general', redraw ? 'redraw' : 'new') !== 0) continue;
        begun.push(now());
        clock += takes;
        sent.push(now());
        governor.ended('general');
      }
      for (const [most, within] of limits)
        for (const [index, at] of sent.entries()) {
          const first = sent[index - most];
          if (first) expect(at.getTime() - first.getTime()).toBeGreaterThanOrEqual(within);
        }
    }),
    { numRuns: 50 },
  );
});

test('for hours on end as much goes out as Teams takes, and no more, over restarts too', () => {
  let clock = 0;
  const now = () => new Date(clock);
  const teams = createLimiter();
  const begun: { readonly conversation: string; readonly at: Date }[] = [];
  const refused: number[] = [];
  let governor = createGovernor(now, begun);
  while (clock < 3 * 3_600_000) {
    const wait = governor.ask('general', 'new');
    clock += wait;
    if (wait > 0) continue;
    begun.push({ conversation: 'general', at: now() });
    clock += 40;
    if (teams('send', 'general', clock) > 0) refused.push(clock);
    governor.ended('general');
    if (begun.length % 700 === 0) governor = createGovernor(now, begun);
  }
  expect(refused).toEqual([]);
  expect(begun.length).toBeGreaterThan(3 * 1_750);
});

test('redraws leave room, so that an entry can always follow at once', () => {
  let clock = 0;
  const governor = createGovernor(() => new Date(clock), []);
  for (; clock < 60_000; clock += 100) if (governor.ask('general', 'redraw') === 0) governor.ended('general');
  expect(governor.ask('general', 'new')).toBe(0);
});

test('one conversation does not use up another one’s limits, and a told wait is kept', () => {
  const governor = createGovernor(() => new Date(0), []);
  for (let sent = 0; sent < 7; sent += 1) expect(governor.ask('general', 'new')).toBe(0);
  expect(governor.ask('general', 'new')).toBeGreaterThan(0);
  expect(governor.ask('announcements', 'new')).toBe(0);
  governor.holdUntil('announcements', 5_000);
  expect(governor.ask('announcements', 'new')).toBe(5_000);
});

test('sends under way side by side are counted from their answers, not from their beginnings', () => {
  let clock = 0;
  const governor = createGovernor(() => new Date(clock), []);
  for (let sent = 0; sent < 7; sent += 1) expect(governor.ask('general', 'new')).toBe(0);
  clock = 5_000;
  expect(governor.ask('general', 'new')).toBeGreaterThan(0);
  for (let sent = 0; sent < 7; sent += 1) governor.ended('general');
  clock = 6_000;
  expect(governor.ask('general', 'new')).toBe(150);
  clock = 6_150;
  expect(governor.ask('general', 'new')).toBe(0);
});

test('of sends before a restart only the beginning is known, and they may have arrived until then', () => {
  let clock = 0;
  const now = () => new Date(clock);
  const begun = Array.from({ length: 7 }, () => ({ conversation: 'general', at: now() }));
  clock = 900;
  expect(createGovernor(now, begun).ask('general', 'new')).toBe(1_150);
  clock = 60_000;
  expect(createGovernor(now, begun).ask('general', 'new')).toBe(0);
});
