import type { TokenKind } from '../../../src/simulator/teams/signing';
import { teamsWith } from './small-bot';

const appId = '00000000-0000-0000-0000-00000000b07a';
const settings = (teams: { channelSettings(): Readonly<Record<string, string>> }) => ({
  MicrosoftAppId: appId,
  MicrosoftAppPassword: 'not used inbound',
  ...teams.channelSettings(),
});

test('a bot that checks tokens accepts the proper one and none of the others', async () => {
  const { teams, received, close } = await teamsWith({ settings }, { authorize: { appId } });
  // CloudAdapter prints a stack trace for every token that it refuses.
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    const status = async (token: TokenKind | 'none') =>
      (await teams.send(teams.blank('alex', 'event'), { token })).status;
    expect(await status('proper')).toBe(200);
    expect(received).toHaveLength(1);

    for (const token of [
      ...(['none', 'garbage', 'unknown key id', 'wrong audience', 'wrong issuer'] as const),
      ...(['expired', 'other service url'] as const),
    ]) {
      expect([token, await status(token)]).toEqual([token, 401]);
    }
    // CloudAdapter 4.23 lets these out as 500 instead of 401; refused all the same.
    for (const token of ['wrong key', 'no algorithm', 'shared secret', 'not yet valid'] as const) {
      expect([token, await status(token)]).toEqual([token, 500]);
    }
    expect(received).toHaveLength(1);
  } finally {
    printed.mockRestore();
    await close();
  }
});

test('without the right outbound token the connector answers 401', async () => {
  const { teams, close } = await teamsWith(
    {},
    { authorize: { appId, admits: (header) => header === 'Bearer good' } },
  );
  try {
    const list = (authorization: string) =>
      fetch(`${teams.url}/v3/teams/team-id`, { headers: { authorization, connection: 'close' } });
    expect((await list('Bearer bad')).status).toBe(401);
    expect((await list('Bearer good')).status).toBe(200);
  } finally {
    await close();
  }
});
