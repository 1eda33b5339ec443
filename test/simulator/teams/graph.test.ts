import { CardFactory, MessageFactory } from 'botbuilder';
import { teamsWith } from './small-bot';

type Listed = {
  readonly value: readonly {
    readonly id: string;
    readonly body: { readonly content: string };
    readonly from: {
      readonly user: { readonly id: string } | null;
      readonly application: { readonly id: string } | null;
    };
    readonly attachments: readonly { readonly content: string | null }[];
  }[];
  readonly '@odata.nextLink'?: string;
};

test('Graph lists the replies of a thread, newest first and in pages, with the cards in them', async () => {
  const { teams, close } = await teamsWith({
    onMessage: async (context) => {
      const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'key 17' }] };
      for (const step of ['one', 'two']) await context.sendActivity(step);
      await context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(card)));
    },
  });
  try {
    const { thread, activity } = await teams.say('alex', 'go');
    await teams.say('megan', 'fine', { conversation: thread, mention: false });
    const headers = { authorization: 'Bearer token' };
    const path = `/v1.0/teams/${teams.tenant.team.aadGroupId}/channels/team-id/messages/${activity.id}/replies`;
    const first = teams.graph({ method: 'GET', url: `${path}?$top=3`, headers });
    const page = first.body as Listed;
    expect(first.status).toBe(200);
    expect(page.value.map(({ body }) => body.content)).toEqual([
      'fine',
      '<attachment id="attachment-0"></attachment>',
      'two',
    ]);
    expect(page.value[0]?.from.user?.id).toBe('00000000-0000-0000-0000-0000000000021');
    expect(page.value[1]?.from.application?.id).toBe(teams.tenant.bot.id);
    expect(JSON.parse(page.value[1]?.attachments[0]?.content ?? '')).toMatchObject({
      body: [{ text: 'key 17' }],
    });

    const second = teams.graph({ method: 'GET', url: page['@odata.nextLink'] ?? '', headers }).body as Listed;
    expect(second.value.map(({ body }) => body.content)).toEqual(['one']);
    expect(second['@odata.nextLink']).toBeUndefined();
  } finally {
    await close();
  }
});

test('Graph lists a 1:1 chat, and refuses who has no token and what is not there', async () => {
  const { teams, close } = await teamsWith({
    onMessage: async (context) => void (await context.sendActivity('hello')),
  });
  try {
    const { thread } = await teams.say('megan', 'hi', { conversation: 'personal' });
    const headers = { authorization: 'Bearer token' };
    const url = `/v1.0/chats/${encodeURIComponent(thread)}/messages`;
    const listed = teams.graph({ method: 'GET', url, headers }).body as Listed;
    expect(listed.value.map(({ body }) => body.content)).toEqual(['hello', 'hi']);

    expect(teams.graph({ method: 'GET', url, headers: {} }).status).toBe(401);
    expect(teams.graph({ method: 'GET', url: `${url}?$top=51`, headers }).status).toBe(400);
    expect(teams.graph({ method: 'GET', url: '/v1.0/chats/other/messages', headers }).status).toBe(404);
    const elsewhere = '/v1.0/teams/other/channels/team-id/messages/1/replies';
    expect(teams.graph({ method: 'GET', url: elsewhere, headers }).status).toBe(404);
  } finally {
    await close();
  }
});
