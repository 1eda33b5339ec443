import { MessageFactory } from 'botbuilder';
import { teamsWith } from './small-bot';

test('an answer lost after its effect makes the client send the message twice', async () => {
  const { teams, failures, close } = await teamsWith({
    onMessage: async (context) => {
      await context.sendActivity(MessageFactory.text('once?'));
    },
  });
  try {
    const fault = teams.fail({
      method: 'POST',
      path: '/activities/',
      effect: 'done',
      answer: { status: 502 },
    });
    const { thread } = await teams.say('alex', 'go');
    expect(fault.hits()).toBe(1);
    expect(failures).toEqual([]);
    expect(teams.thread(thread).filter(({ text }) => text === 'once?')).toHaveLength(2);
    expect(teams.calls().map(({ status }) => status)).toEqual([502, 201]);
  } finally {
    await close();
  }
});

test('the client tries again after a cut connection: harmless before the effect, a second message after it', async () => {
  const { teams, failures, close } = await teamsWith({
    onMessage: async (context) => {
      await context.sendActivity('there');
    },
  });
  try {
    for (const [effect, there] of [
      ['none', 1],
      ['done', 2],
    ] as const) {
      const fault = teams.fail({ answer: 'reset', effect, times: 1 });
      const { thread } = await teams.say('alex', 'go');
      expect(fault.hits()).toBe(1);
      expect(teams.thread(thread).filter(({ text }) => text === 'there')).toHaveLength(there);
    }
    expect(failures).toEqual([]);
    expect(teams.calls().map(({ status }) => status)).toEqual([0, 201, 0, 201]);
  } finally {
    await close();
  }
});

test('throttling with Retry-After is obeyed by the client, and a late answer is only late', async () => {
  const { teams, failures, close } = await teamsWith({
    onMessage: async (context) => {
      await context.sendActivity('there');
    },
  });
  try {
    teams.fail({ answer: { status: 429, headers: { 'retry-after': '1' }, body: {} } });
    const before = performance.now();
    const { thread } = await teams.say('alex', 'go');
    expect(performance.now() - before).toBeGreaterThan(900);
    expect(teams.thread(thread)).toHaveLength(2);

    const late = teams.fail({ path: /activities/, delay: 150, times: 5 });
    const slow = performance.now();
    await teams.say('alex', 'go');
    expect(performance.now() - slow).toBeGreaterThan(140);
    late.stop();
    expect(failures).toEqual([]);
  } finally {
    await close();
  }
});

test('the same activity sent four times reaches the bot four times with one id', async () => {
  const { teams, received, close } = await teamsWith({});
  try {
    const { activity } = await teams.say('alex', 'go', { activityId: 'one-id' });
    const answers = await teams.resend(activity, 3);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(received.map(({ id }) => id)).toEqual(['one-id', 'one-id', 'one-id', 'one-id']);
  } finally {
    await close();
  }
});
