import fc from 'fast-check';
import { createLimiter, retryAfter, teamsLimits } from '../../../src/simulator/teams/limits';
import { startTeams } from '../../../src/simulator/teams/teams';

test('the eighth message within a second is refused, and passes after the wait that was asked for', () => {
  const wait = createLimiter();
  const waits = Array.from({ length: 8 }, (_, at) => wait('send', 'team-id', at));
  expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  expect(wait('send', 'another', 8)).toBe(0);
  expect(wait('send', 'team-id', 1_007)).toBe(0);
  expect(wait('send', 'team-id', 1_008)).toBe(1);
  expect(wait('send', 'team-id', 2_008)).toBe(0);
});

test('whoever waits as told is let through', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 90 }), (gaps) => {
      const wait = createLimiter();
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const seconds = wait('send', 'team-id', now);
        if (seconds === 0) continue;
        now += seconds * 1_000;
        expect(wait('send', 'team-id', now)).toBe(0);
      }
    }),
  );
});

test('no window of any limit ever holds more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 120 }), (gaps) => {
      const wait = createLimiter();
      const passed: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        if (wait('send', 'team-id', now) === 0) passed.push(now);
      }
      for (const { most, within } of teamsLimits.send) {
        for (const end of passed) {
          expect(passed.filter((at) => at > end - within && at <= end).length).toBeLessThanOrEqual(most);
        }
      }
    }),
  );
});

test('60 messages in half a minute and 1800 in an hour are the most', () => {
  const every = (count: number, ms: number) => Array.from({ length: count }, (_, n) => n * ms);
  expect(retryAfter('send', every(60, 400), 24_000)).toBe(6);
  expect(retryAfter('send', every(1_800, 1_900), 3_420_000)).toBe(180);
});

test('with limits on, all threads of a channel count together and the refusal carries Retry-After', async () => {
  const teams = await startTeams({ botEndpoint: 'http://127.0.0.1:9/api/messages', limits: true });
  try {
    const one = await teams.say('alex', 'one', { mention: false });
    const two = await teams.say('alex', 'two', { mention: false });
    const post = (thread: string) =>
      fetch(`${teams.url}/v3/conversations/${encodeURIComponent(thread)}/activities`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ type: 'message', text: 'hello' }),
      });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => post((n % 2 ? one : two).thread)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(7).fill(201), 429]);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
    expect(teams.thread(one.thread).length + teams.thread(two.thread).length).toBe(2 + 7);
    expect(teams.calls().filter(({ status }) => status === 429)).toHaveLength(1);
  } finally {
    await teams.close();
  }
});
