import type { Message } from '../../src/simulator/teams/store';
import { type ChatBot, startChatBot } from './support/chat-bot';
import { type ChatStores, startChatStores } from './support/chat-store';
import { hash, planned } from './support/plan';
import { inAnHour, runAskedFor } from './support/run-asked-for';

let stores: ChatStores;
beforeAll(async () => {
  stores = await startChatStores();
});
afterAll(() => stores.close());

const gateIn = (bot: ChatBot, thread: string): Message => {
  const found = bot.teams
    .thread(thread)
    .find(({ card }) => JSON.stringify(card ?? '').includes('Restore AppRequestPortal?'));
  if (!found) throw new Error('No gate card in the thread.');
  return found;
};

const votes = (bot: ChatBot) =>
  bot.engine.asked
    .filter(({ call }) => call === 'vote' || call === 'withdraw')
    .map(({ call, by, what }) => [call, by, what]);

test('the gate’s card shows its buttons to approvers only, in the channel and in their own chat', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot);
    const gate = gateIn(bot, thread);
    expect(bot.teams.buttons('megan', gate)).toContain('Approve');
    expect(bot.teams.buttons('adele', gate)).toContain('Approve');
    expect(bot.teams.buttons('alex', gate)).not.toContain('Approve');
    expect(bot.teams.buttons('isaiah', gate)).not.toContain('Approve');
    expect(JSON.stringify(gate.card)).not.toContain('Approve"');
    const own = bot.teams.personal('megan').at(-1);
    expect(own && bot.teams.buttons('megan', own)).toContain('Approve');
    expect(bot.teams.personal('isaiah')).toEqual([]);
    expect(bot.teams.personal('alex')).toEqual([]);
  } finally {
    await bot.close();
  }
});

test('a vote is answered at once with the voter’s own card, can be withdrawn, and everybody’s cards follow', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot);
    const gate = gateIn(bot, thread);
    const answer = await bot.teams.press('megan', gate, 'Approve', { reason: 'go' });
    expect(answer.body).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive' });
    expect(bot.teams.buttons('megan', gate)).toContain('Withdraw my answer');
    await bot.quiet();
    expect(JSON.stringify(bot.teams.view('isaiah', gate))).toContain('Megan Bowen');
    await bot.teams.press('megan', gate, 'Withdraw my answer');
    await bot.quiet();
    expect(votes(bot)).toEqual([
      ['vote', 'Megan Bowen', { choice: 'approve', reason: 'go' }],
      ['withdraw', 'Megan Bowen', { stage: 'begin' }],
    ]);

    bot.engine.happen('inc1', {
      type: 'gate.closed',
      stage: 'begin',
      round: 1,
      choice: 'approve',
      because: 'quorum',
    });
    await bot.quiet();
    for (const who of ['megan', 'adele', 'alex'])
      expect(bot.teams.buttons(who, gate)).not.toContain('Approve');
    const own = bot.teams.personal('adele').at(-1);
    expect(own && bot.teams.buttons('adele', own)).not.toContain('Approve');
  } finally {
    await bot.close();
  }
});

test('a token works once, for the one it was drawn for, and a forged one not at all', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot);
    const gate = gateIn(bot, thread);
    const button = approveOf(bot, 'megan', gate);
    const press = (who: string, data: unknown) =>
      bot.teams.execute(who, gate, { verb: 'vote', data: data as { token: string } });

    const foreign = await press('adele', button);
    expect(JSON.stringify(foreign.body)).toContain('drawn for somebody else');
    const forged = await press('megan', { token: 'AAAAAAAAAAAAAAAAAAAAAA' });
    expect(JSON.stringify(forged.body)).toContain('not one of this bot');
    for (const data of [
      null,
      7,
      'token',
      {},
      { token: 7 },
      { token: 'x'.repeat(5_000) },
      { token: { $ne: 1 } },
    ]) {
      const { status, body } = await press('megan', data);
      expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining('Nothing was changed')]);
    }
    expect(votes(bot)).toEqual([]);

    // What a card sends besides its token is not believed.
    await press('megan', { ...button, choice: 'reject', run: 'inc9-1', person: 'adele' });
    const again = await Promise.all([1, 2, 3].map(() => press('megan', button)));
    expect(again.map(({ body }) => (body as { type: string }).type)).toEqual(
      Array(3).fill('application/vnd.microsoft.card.adaptive'),
    );
    expect(votes(bot)).toEqual([['vote', 'Megan Bowen', { choice: 'approve', reason: '' }]]);
  } finally {
    await bot.close();
  }
});

test('an invoke of another name or without a person changes nothing and is told so', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot);
    const gate = gateIn(bot, thread);
    const base = {
      ...bot.teams.blank('megan', 'invoke', thread),
      name: 'adaptiveCard/action',
      replyToId: gate.id,
    };
    const action = { type: 'Action.Execute', verb: 'vote', data: approveOf(bot, 'megan', gate) };
    const nobody = { id: 'user-id-1', name: 'Megan Bowen' };
    const anonymous = await bot.teams.send({ ...base, from: nobody, value: { action } });
    expect(JSON.stringify(anonymous.body)).toContain('did not say who you are');
    for (const value of [
      undefined,
      null,
      'x',
      {},
      { action: 7 },
      { action: {} },
      { action: { verb: 'refresh', data: { card: 'gate:x' } } },
    ]) {
      const { status, body } = await bot.teams.send({ ...base, value });
      expect([status, (body as { type: string }).type]).toEqual([
        200,
        'application/vnd.microsoft.activity.message',
      ]);
    }
    expect((await bot.teams.send({ ...base, name: 'composeExtension/query' })).status).toBe(400);
    expect(votes(bot)).toEqual([]);
  } finally {
    await bot.close();
  }
});

test('a plan that no longer holds leaves its card without buttons, and the new one gets a card of its own', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot);
    const gate = gateIn(bot, thread);
    const old = approveOf(bot, 'megan', gate);
    const changes = [{ field: 'tier', was: 'GP_Gen5_2', is: 'GP_Gen5_4' }];
    bot.engine.happen('inc1', {
      type: 'gate.closed',
      stage: 'begin',
      round: 1,
      choice: '',
      because: 'drift',
    });
    bot.engine.happen('inc1', { type: 'plan.drifted', round: 1, before: 'restore', changes });
    for (const event of planned(inAnHour(), 2)) bot.engine.happen('inc1', event);
    await bot.quiet();
    expect(bot.teams.buttons('megan', gate)).not.toContain('Approve');
    const fresh = await bot.withButton('megan', 'Approve', thread);
    expect(fresh.id).not.toBe(gate.id);
    expect(JSON.stringify(bot.teams.view('megan', fresh))).toContain('GP_Gen5_4');
    expect(old.token).not.toBe(approveOf(bot, 'megan', fresh).token);
  } finally {
    await bot.close();
  }
});

test('the headline is posted once and redrawn in place, the report comes with the recovery', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot);
    const operation = { op: 'sql.restore' };
    bot.engine.happen('inc1', {
      type: 'gate.closed',
      stage: 'begin',
      round: 1,
      choice: 'approve',
      because: 'quorum',
    });
    bot.engine.happen('inc1', {
      type: 'step.intended',
      stage: 'restore',
      attempt: 1,
      operation,
      requestId: 'r',
    });
    for (const percent of [10, 20, 30, 43])
      bot.engine.moves({ run: 'inc1-1', stage: 'restore', percent, words: 'Restoring', at: new Date() });
    const headline = await bot.teams.waitFor(() =>
      bot.teams.thread(thread).find(({ card }) => JSON.stringify(card ?? '').includes('43 %')),
    );
    bot.engine.happen('inc1', { type: 'step.done', stage: 'restore', attempt: 1, facts: {}, adopted: false });
    bot.engine.happen('inc1', { type: 'run.recovered', stage: 'healthy' });
    bot.engine.happen('inc1', { type: 'run.finished', outcome: 'completed', words: 'Done.' });
    await bot.quiet();
    const cards = bot.teams.thread(thread).filter(({ from, card }) => from.kind === 'bot' && card);
    // The answered form, the headline, the gate, the report.
    expect(cards).toHaveLength(4);
    expect(JSON.stringify(bot.teams.thread(thread).find(({ id }) => id === headline.id)?.card)).toContain(
      'Done',
    );
    expect(JSON.stringify(cards.at(-1)?.card)).toContain('Report');
    const puts = bot.teams
      .calls()
      .filter(({ method, path }) => method === 'PUT' && path.endsWith(headline.id));
    expect(puts.length).toBeLessThanOrEqual(4);
    await bot.restart();
    await bot.quiet();
    expect(bot.teams.thread(thread).filter(({ from, card }) => from.kind === 'bot' && card)).toHaveLength(4);
  } finally {
    await bot.close();
  }
});

test('a paused run is steered from its headline, skipping only with a reason', async () => {
  const bot = await startChatBot(await stores.fresh());
  try {
    const thread = await runAskedFor(bot, [
      ...planned(inAnHour()),
      { type: 'gate.closed', stage: 'begin', round: 1, choice: 'approve', because: 'quorum' },
      {
        type: 'step.failed',
        stage: 'restore',
        attempt: 1,
        problem: { what: 'Azure refused the restore.', code: 'Busy', status: 409, detail: '' },
      },
      {
        type: 'run.paused',
        pause: 1,
        stage: 'restore',
        attempt: 1,
        because: 'failed',
        truth: ['Nothing is lost.'],
      },
    ]);
    const headline = await bot.withButton('alex', 'Try again', thread);
    const buttons = bot.teams.buttons('alex', headline);
    const skip = buttons.find((title) => /skip/i.test(title)) ?? '';
    const refused = await bot.teams.press('alex', headline, skip, { reason: ' ' });
    expect(JSON.stringify(refused.body)).toContain('Say why');
    const looking = await bot.teams.press('isaiah', headline, 'Try again');
    expect(JSON.stringify(looking.body)).toContain('You are viewer');
    await bot.teams.press('alex', headline, 'Try again');
    expect(bot.engine.asked.at(-1)).toMatchObject({
      call: 'decide',
      by: 'Alex Wilber',
      what: { choice: 'retry' },
    });
  } finally {
    await bot.close();
  }
});

/** What the Approve button of this person's view sends. */
function approveOf(bot: ChatBot, who: string, message: Message): { readonly token: string } {
  const text = JSON.stringify(bot.teams.view(who, message));
  const found =
    /"data":\{"token":"([^"]+)"\}[^{}]*"title":"Approve"|"title":"Approve"[^{}]*"data":\{"token":"([^"]+)"\}/.exec(
      text,
    );
  const token = found?.[1] ?? found?.[2];
  if (!token) throw new Error(`${who} has no Approve button. The plan: ${hash}. ${text}`);
  return { token };
}
