import { isForBot } from '../../src/chat/for-bot';
import { incoming } from '../../src/chat/incoming';

const bot = { id: '28:dr', name: 'dr' };
const mention = { type: 'mention', text: '<at>dr</at>', mentioned: bot };

const message = (more: Record<string, unknown>, conversationType = 'channel') =>
  incoming.parse({
    ...{ type: 'message', channelId: 'msteams', serviceUrl: 'https://smba.trafficmanager.net/emea/' },
    ...{ from: { id: '29:alex' }, recipient: bot, value: undefined, channelData: {} },
    conversation: { id: '19:general', conversationType },
    ...more,
  });

test.each([
  ['a mention', message({ text: '<at>dr</at> abort', entities: [mention] })],
  ['a typed name', message({ text: '@dr abort' })],
  ["an old client's button", message({ value: { token: 't' } })],
  ['anything in a 1:1 chat', message({ text: 'abort' }, 'personal')],
])('the bot listens to %s', (_what, activity) => {
  expect(isForBot(activity)).toBe(true);
});

test.each([
  ['what people say to each other in the channel', message({ text: 'should we abort?' })],
  ['what they say in a group chat', message({ text: 'stop' }, 'groupChat')],
  [
    'a mention of somebody else',
    message({
      text: '<at>Megan</at> abort',
      entities: [{ type: 'mention', text: '<at>Megan</at>', mentioned: { id: '29:megan', name: 'Megan' } }],
    }),
  ],
])('the bot does not listen to %s', (_what, activity) => {
  expect(isForBot(activity)).toBe(false);
});
