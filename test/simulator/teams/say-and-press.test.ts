import { CardFactory, MessageFactory } from 'botbuilder';
import { teamsWith } from './small-bot';

test('a mention in the channel opens a thread, reaches the bot with zone and local time, and is answered in the thread', async () => {
  const { teams, received, close } = await teamsWith({
    onMessage: async (context) => {
      await context.sendActivity(`heard ${context.activity.text}`);
    },
  });
  try {
    const said = await teams.say('alex', 'please @dr restore', {
      timezone: 'Europe/Berlin',
      locale: 'de-DE',
    });

    expect(said.status).toBe(200);
    expect(said.thread).toBe(`team-id;messageid=${said.activity.id}`);
    expect(teams.thread(said.thread).map((message) => [message.from.name, message.text])).toEqual([
      ['Alex Wilber', 'please <at>dr</at> restore'],
      ['dr', 'heard please <at>dr</at> restore'],
    ]);
    const [heard] = received;
    expect(heard?.from.aadObjectId).toBe('00000000-0000-0000-0000-0000000000020');
    expect(heard?.localTimezone).toBe('Europe/Berlin');
    expect(said.activity['localTimestamp']).toMatch(/\+0[12]:00$/);
    expect(heard?.entities).toEqual([
      {
        type: 'mention',
        mentioned: { id: '00000000-0000-0000-0000-00000000000011', name: 'dr' },
        text: '<at>dr</at>',
      },
      { type: 'clientInfo', locale: 'de-DE', country: 'DE', platform: 'Web', timezone: 'Europe/Berlin' },
    ]);
  } finally {
    await close();
  }
});

test('a message in the channel without a mention is shown but not told to the bot', async () => {
  const { teams, received, close } = await teamsWith({});
  try {
    const { thread } = await teams.say('Alex Wilber', 'lunch?', { mention: false });
    await teams.say('Megan Bowen', 'yes', { conversation: thread, mention: false });

    expect(teams.thread(thread).map((message) => message.text)).toEqual(['lunch?', 'yes']);
    expect(received).toEqual([]);
  } finally {
    await close();
  }
});

const form = CardFactory.adaptiveCard({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    { type: 'Input.Text', id: 'when', value: '10:00', isRequired: true },
    { type: 'Input.ChoiceSet', id: 'how', value: 'swap', choices: [] },
  ],
  actions: [
    { type: 'Action.Execute', title: 'Plan', verb: 'plan', data: { form: 7 } },
    { type: 'Action.Submit', title: 'Forget it', data: { forget: true } },
  ],
});

test('pressing a button sends its data together with what is filled in', async () => {
  const { teams, received, close } = await teamsWith({
    onMessage: async (context) => {
      if (context.activity.value === undefined) await context.sendActivity(MessageFactory.attachment(form));
    },
    onExecute: async () => ({
      type: 'AdaptiveCard',
      version: '1.5',
      body: [{ type: 'TextBlock', text: 'planned' }],
    }),
  });
  try {
    const { thread } = await teams.say('alex', 'restore');
    const card = await teams.waitFor(() => teams.thread(thread).find((message) => message.card));

    const pressed = await teams.press('alex', card, 'Plan', { when: '11:30' });
    expect(pressed.status).toBe(200);
    expect(received.at(-1)).toMatchObject({
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: card.id,
      from: { id: 'user-id-0' },
      conversation: { id: thread, conversationType: 'channel' },
      value: {
        trigger: 'manual',
        action: { type: 'Action.Execute', verb: 'plan', data: { form: 7, when: '11:30', how: 'swap' } },
      },
    });
    expect(teams.view('alex', card)).toMatchObject({ body: [{ text: 'planned' }] });
    expect(teams.view('megan', card)).toMatchObject({ body: [{ id: 'when' }, { id: 'how' }] });

    await teams.press('megan', card, 'Forget it');
    expect(received.at(-1)).toMatchObject({
      type: 'message',
      replyToId: card.id,
      value: { forget: true, when: '10:00', how: 'swap' },
    });
    await expect(teams.press('alex', card, 'Plan')).rejects.toThrow('no button "Plan"');
    await expect(teams.press('megan', card, 'Plan', { whom: 'me' })).rejects.toThrow('no input "whom"');
    await expect(teams.press('megan', card, 'Plan', { when: '' })).rejects.toThrow('required input "when"');
  } finally {
    await close();
  }
});
