import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CardFactory, MessageFactory, TeamsInfo, TurnContext } from 'botbuilder';
import { startTeams } from '../../../src/simulator/teams/teams';
import { type BotAtWork, teamsWith } from './small-bot';

const secret = (whose: string) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  refresh: {
    action: { type: 'Action.Execute', verb: 'look', data: { n: 1 } },
    userIds: ['user-id-1', 'user-id-2'],
  },
  body: [{ type: 'TextBlock', text: whose }],
  actions: whose === 'all' ? [] : [{ type: 'Action.Execute', title: `Vote as ${whose}`, verb: 'vote' }],
});
const cardFor = (whose: string) => MessageFactory.attachment(CardFactory.adaptiveCard(secret(whose)));

test('each person named in a refresh is shown their own view, and a change of the card fetches it again, once', async () => {
  const { teams, received, adapter, close } = await teamsWith({
    onMessage: async (context) => {
      await context.sendActivity(cardFor('all'));
    },
    onExecute: async (context) => secret(context.activity.from.name),
  });
  try {
    const { thread } = await teams.say('alex', 'vote');
    await teams.settled();
    const card = await teams.waitFor(() => teams.thread(thread)[1]);

    expect(teams.view('megan', card)).toMatchObject({ body: [{ text: 'Megan Bowen' }] });
    expect(teams.buttons('adele', card)).toEqual(['Vote as Adele Vance']);
    expect(teams.buttons('alex', card)).toEqual([]);
    expect(teams.words('adele', card)).toBe('Adele Vance\nVote as Adele Vance');
    const looks = () => received.filter((activity) => activity.type === 'invoke');
    expect(looks().map(({ from, value }) => [from.id, value.trigger])).toEqual([
      ['user-id-1', 'automatic'],
      ['user-id-2', 'automatic'],
    ]);

    const reference = TurnContext.getConversationReference(received[0] ?? {});
    await adapter.continueConversationAsync('', reference, async (context) => {
      await context.updateActivity({ ...MessageFactory.text('closed'), id: card.id });
      await context.updateActivity({ ...cardFor('all'), id: card.id });
    });
    await teams.settled();
    expect(teams.buttons('megan', card)).toEqual(['Vote as Megan Bowen']);
    expect(looks()).toHaveLength(4);

    await adapter.continueConversationAsync('', reference, async (context) => {
      await context.updateActivity({ ...MessageFactory.text('closed'), id: card.id });
    });
    expect(teams.view('megan', card)).toBeUndefined();
    expect(teams.thread(thread)[1]).toMatchObject({ id: card.id, text: 'closed' });
  } finally {
    await close();
  }
});

test('the bot can begin a thread and a 1:1 chat, list who is there, and take a message back', async () => {
  const seen: string[] = [];
  const { teams, adapter, failures, close } = await teamsWith({
    onMessage: async (context, { adapter: at }: BotAtWork) => {
      const members = await TeamsInfo.getPagedMembers(context, 500);
      seen.push(...members.members.map(({ name }) => name));
      const details = await TeamsInfo.getTeamDetails(context, 'team-id');
      seen.push(details.name ?? '');
      seen.push(...(await TeamsInfo.getTeamChannels(context, 'team-id')).map((channel) => channel.id ?? ''));
      seen.push((await TeamsInfo.getMember(context, '00000000-0000-0000-0000-0000000000021')).name);
      const { serviceUrl } = context.activity;
      const start = (parameters: object, text: string) =>
        at.createConversationAsync(
          '',
          'msteams',
          serviceUrl,
          'https://api.botframework.com',
          parameters as never,
          async (there) => {
            const sent = await there.sendActivity(text);
            seen.push(there.activity.conversation.id);
            if (text === 'gone') await there.deleteActivity(sent?.id ?? '');
          },
        );
      await start({ isGroup: false, members: [{ id: 'user-id-1' }], bot: { id: 'b' } }, 'to you alone');
      await start({ isGroup: false, members: [{ id: '00000000-0000-0000-0000-0000000000021' }] }, 'gone');
      await start(
        {
          isGroup: true,
          channelData: { channel: { id: 'channel-announcements-id' } },
          activity: MessageFactory.text('news'),
        },
        'more news',
      );
    },
  });
  try {
    await teams.say('alex', 'go');
    expect(failures).toEqual([]);
    expect(seen.slice(0, 9)).toEqual([
      ...['Alex Wilber', 'Megan Bowen', 'Adele Vance', 'Isaiah Langer', 'Patti Fernandez', 'Lynne Robbins'],
      ...['My Team', 'team-id', 'channel-announcements-id'],
    ]);
    expect(seen[9]).toBe('Megan Bowen');
    expect(seen.slice(10, 12)).toEqual(['a:1user-id-1', 'a:1user-id-1']);
    expect(teams.personal('megan').map(({ text }) => text)).toEqual(['to you alone']);
    const [news = ''] = teams.threads('channel-announcements-id');
    expect(seen[12]).toBe(news);
    expect(teams.thread(news).map(({ text }) => text)).toEqual(['news', 'more news']);
    expect(adapter).toBeDefined();
  } finally {
    await close();
  }
});

test('what Teams would not take is refused with its own error', async () => {
  const teams = await startTeams({ botEndpoint: 'http://127.0.0.1:9/api/messages' });
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${teams.url}/v3/${path}`, init);
    const answer = (await response.json()) as { error?: { code?: string } };
    return [response.status, answer.error?.code];
  };
  const text = (words: string) => ({ type: 'message', text: words });
  try {
    const { thread, activity, status } = await teams.say('alex', 'hello');
    expect(status).toBe(502);
    const here = `conversations/${encodeURIComponent(thread)}`;
    expect(await ask('POST', 'conversations/19:nowhere/activities', text('x'))).toEqual([
      404,
      'ConversationNotFound',
    ]);
    expect(await ask('POST', `${here}/activities`, { type: 'message' })).toEqual([400, 'BadSyntax']);
    expect(await ask('POST', `${here}/activities`, text('x'.repeat(102_401)))).toEqual([
      413,
      'MessageSizeTooBig',
    ]);
    expect(await ask('PUT', `${here}/activities/1`, text('x'))).toEqual([
      404,
      'ActivityNotFoundInConversation',
    ]);
    expect(await ask('PUT', `${here}/activities/${activity.id}`, text('x'))).toEqual([
      403,
      'ForbiddenOperationException',
    ]);
    expect(await ask('POST', 'conversations', { members: [{ id: 'stranger' }] })).toEqual([
      403,
      'ForbiddenOperationException',
    ]);
    expect(await ask('GET', 'teams/other')).toEqual([404, 'BadArgument']);
    expect(await ask('GET', `${here}/members/stranger`)).toEqual([404, 'MemberNotFoundInConversation']);
    expect(await ask('PATCH', 'conversations')).toEqual([404, 'NotFound']);
  } finally {
    await teams.close();
  }
});

test('conversations outlive Teams itself when they have a place on disk, also after a write that was cut off', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'teams-'));
  const botEndpoint = 'http://127.0.0.1:9/api/messages';
  try {
    const first = await startTeams({ botEndpoint, dataDir });
    const { thread, activity } = await first.say('alex', 'one');
    await first.say('megan', 'two', { conversation: thread, mention: false });
    await first.close();
    appendFileSync(join(dataDir, 'teams.ndjson'), '{"id":"17000');

    const second = await startTeams({ botEndpoint, dataDir });
    const third = await second.say('alex', 'three', { conversation: thread, mention: false });
    expect(second.thread(thread).map(({ text }) => text)).toEqual(['<at>dr</at> one', 'two', 'three']);
    expect(Number(third.activity.id)).toBeGreaterThan(Number(activity.id));
    await second.close();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('after a restart of Teams a person is asked for their view when they look at the card again', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'teams-'));
  const { teams, endpoint, received, close } = await teamsWith(
    {
      onMessage: async (context) => {
        await context.sendActivity(cardFor('all'));
      },
      onExecute: async (context) => secret(context.activity.from.name),
    },
    { dataDir },
  );
  try {
    const { thread } = await teams.say('alex', 'vote');
    await teams.settled();
    const again = await startTeams({ botEndpoint: endpoint, dataDir });
    const card = await again.waitFor(() => again.thread(thread)[1]);
    expect(again.buttons('megan', card)).toEqual([]);

    for (const person of ['megan', 'megan', 'alex']) {
      again.look(person, card);
      await again.settled();
    }
    expect(again.buttons('megan', card)).toEqual(['Vote as Megan Bowen']);
    expect(received.filter((activity) => activity.type === 'invoke')).toHaveLength(3);
    await again.close();
  } finally {
    await close();
    rmSync(dataDir, { recursive: true });
  }
});
