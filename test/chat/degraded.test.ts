import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import type { Connector, Landed, Sent } from '../../src/chat/connector';
import { createDegraded } from '../../src/chat/degraded';
import { createGovernor } from '../../src/chat/governor';
import type { Incoming } from '../../src/chat/incoming';
import { type References, referenceIn } from '../../src/chat/references';
import { createWhisper } from '../../src/chat/whisper';

const now = () => new Date();
const log = pino({ level: 'silent' });
const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Something said to the bot in a thread of the channel. */
const saidIn = (thread: number): Incoming => ({
  ...{ type: 'message', channelId: 'msteams', serviceUrl: 'http://127.0.0.1/', text: '@dr status' },
  ...{ value: null, channelData: null, from: { id: 'alex' }, recipient: { id: 'bot' } },
  conversation: { id: `general;messageid=${thread}`, conversationType: 'channel' },
});

/** A Teams that writes down what was posted and when, and answers as it is told to. */
function teams(answers: (nth: number) => Sent<Landed> | null = () => null) {
  const posted: { readonly to: string; readonly text: string; readonly at: number }[] = [];
  let asked = 0;
  const post: Connector['post'] = async (_by, conversation, { text = '' }) => {
    const answer = answers(asked++);
    if (answer) return answer;
    posted.push({ to: conversation, text, at: performance.now() });
    return { kind: 'done', value: { conversation, activity: String(asked) } };
  };
  return { posted, post };
}

/** The most posts in any one second. */
const mostInASecond = (posted: readonly { readonly at: number }[]): number =>
  Math.max(...posted.map(({ at }) => posted.filter((one) => one.at >= at && one.at < at + 1_000).length));

async function until(isSo: () => boolean, ms = 20_000): Promise<void> {
  const last = performance.now() + ms;
  while (!isSo()) {
    if (performance.now() > last) throw new Error('It did not come to that.');
    await pause(20);
  }
}

test('people in many threads of one channel are told within its limits, also that the store is back', async () => {
  const { posted, post } = teams();
  let answers = false;
  const storeAnswers = async () => {
    if (!answers) throw gone;
  };
  const governor = createGovernor(now, []);
  const degraded = createDegraded({ connector: { post }, governor, storeAnswers, now, log });
  for (let thread = 0; thread < 10; thread++) expect(degraded.tell(gone, saidIn(thread))).toBe(true);
  await until(() => posted.length === 10);
  answers = true;
  await until(() => posted.length === 20);
  expect(mostInASecond(posted)).toBeLessThanOrEqual(7);
  expect(new Set(posted.slice(10).map(({ to }) => to)).size).toBe(10);
  expect(posted.slice(10).every(({ text }) => text.startsWith('The store answers again'))).toBe(true);
  degraded.stop();
}, 30_000);

test('a word that Teams did not take is said again', async () => {
  const refused = { kind: 'not sent', retryAfterMs: 300, problem: '429' } as const;
  const { posted, post } = teams((nth) => (nth === 0 ? refused : null));
  const storeAnswers = () => Promise.reject(gone);
  const governor = createGovernor(now, []);
  const degraded = createDegraded({ connector: { post }, governor, storeAnswers, now, log });
  degraded.tell(gone, saidIn(1));
  await until(() => posted.length === 1);
  expect(posted[0]?.text).toMatch(/The bot is degraded/);
  degraded.stop();
});

test('a thread that could not be told before the store was back is told nothing', async () => {
  const { posted, post } = teams();
  let answers = false;
  const storeAnswers = async () => {
    if (!answers) throw gone;
  };
  const governor = createGovernor(now, []);
  governor.holdUntil('general', Date.now() + 3_000);
  const degraded = createDegraded({ connector: { post }, governor, storeAnswers, now, log });
  degraded.tell(gone, saidIn(1));
  answers = true;
  await pause(4_500);
  expect(posted).toEqual([]);
  degraded.stop();
});

/** A store that answers or does not, as it is told; and what says so where it is followed. */
function watched() {
  const { posted, post } = teams();
  const store = { answers: true };
  const storeAnswers = async () => {
    if (!store.answers) throw gone;
  };
  const degraded = createDegraded({
    ...{ connector: { post }, governor: createGovernor(now, []), storeAnswers, now, log },
  });
  const threadOf = (thread: number) => {
    const reference = referenceIn(saidIn(thread));
    return { conversation: reference.conversation, reference };
  };
  const words = () => posted.map(({ to, text }) => `${to.slice(-1)} ${text}`);
  return { degraded, store, posted, threadOf, words };
}

test('whoever follows a run is told without asking, once, and also that it goes on; whoever writes there learns what became of it', async () => {
  const { degraded, store, posted, threadOf, words } = watched();
  for (const thread of [1, 2, 3]) degraded.follow(`inc${thread}`, threadOf(thread));
  degraded.follow('inc3', null);
  store.answers = false;
  await until(() => posted.length === 2);
  await pause(2_500);
  expect(words()).toEqual([
    expect.stringMatching(/^1 The bot is degraded.*What Azure was asked for goes on there/),
    expect.stringMatching(/^2 The bot is degraded.*What Azure was asked for goes on there/),
  ]);
  degraded.tell(gone, saidIn(2));
  await until(() => posted.length === 3);
  expect(words()[2]).toMatch(/^2 The bot is degraded.*was not taken/);
  store.answers = true;
  await until(() => posted.length === 5);
  expect(words().slice(3).toSorted()).toEqual([
    expect.stringMatching(/^1 The store answers again, and the bot goes on\.$/),
    expect.stringMatching(/^2 The store answers again.*look, and send it again/),
  ]);
  degraded.stop();
}, 30_000);

test('a store that fails for a moment is not told of', async () => {
  const { degraded, store, posted, threadOf } = watched();
  degraded.follow('inc1', threadOf(1));
  store.answers = false;
  await pause(2_500);
  store.answers = true;
  await pause(4_500);
  expect(posted).toEqual([]);
  degraded.stop();
});

test('incidents are left to whoever tells of them next, unless the store is gone: then nobody else can', async () => {
  const [leaves, stays] = [watched(), watched()];
  leaves.degraded.follow('inc1', leaves.threadOf(1));
  await leaves.degraded.handOver();
  leaves.store.answers = false;
  stays.degraded.follow('inc1', stays.threadOf(1));
  stays.store.answers = false;
  await stays.degraded.handOver();
  await until(() => stays.posted.length === 1);
  await pause(2_500);
  expect(leaves.posted).toEqual([]);
  for (const { degraded } of [leaves, stays]) degraded.stop();
});

test('somebody who presses again and again gets every card, within the limits of their chat', async () => {
  const { posted, post } = teams();
  const reference = { serviceUrl: 'http://127.0.0.1/', conversation: 'megan-and-bot' };
  const references = { chatWith: async () => reference } as unknown as References;
  const connector = { post } as unknown as Connector;
  const whisper = createWhisper({ references, connector, governor: createGovernor(now, []), now });
  const arrived = await Promise.all(Array.from({ length: 8 }, () => whisper('megan', {})));
  expect(arrived).toEqual(Array.from({ length: 8 }, () => true));
  expect(posted).toHaveLength(8);
  expect(mostInASecond(posted)).toBeLessThanOrEqual(7);
});
