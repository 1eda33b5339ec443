import fc from 'fast-check';
import { cleanMention, longestMessage } from '../../../src/chat/words/clean-mention';

const bot = { id: '28:bot', names: ['DR', 'Recovery Bot'] };

function mention(id: string, text: string) {
  return { type: 'mention', mentioned: { id, name: text }, text };
}

const ours = mention('28:bot', '<at>DR</at>');
const megan = mention('29:megan', '<at>Megan Bowen</at>');

test.each([
  ['<at>DR</at> restore db to 10:00', [ours]],
  ['restore db <at>DR</at> to 10:00', [ours]],
  ['restore db to 10:00 <at>DR</at>', [ours]],
  ['<at id="0">DR</at>&nbsp;restore db to 10:00', [ours]],
  ['<at>Recovery Bot</at> restore db to 10:00', []],
  ['<at>D</at><at>R</at> restore db to 10:00', [ours]],
  [
    '<at>D</at>&nbsp;<at>R</at> restore db to 10:00',
    [mention('28:bot', '<at>D</at>'), mention('28:bot', '<at>R</at>')],
  ],
  ['<at>Recovery</at> <at>Bot</at> restore db to 10:00', [mention('28:bot', '<at>Recovery Bot</at>')]],
  ['<at>Renamed</at> restore db to 10:00', [mention('28:bot', '<at>Renamed</at>')]],
  ['@dr restore db to 10:00', []],
  ['@DR: restore db to 10:00', []],
  ['@recovery bot, restore db to 10:00', []],
  ['restore db @dr to 10:00', []],
  ['<at>DR</at>, restore\u00a0db&nbsp;to\r\n10:00', [ours]],
  ['<p><at>DR</at>&nbsp;restore <b>db</b></p><p>to 10:00</p>', [ours]],
  ['<div>restore<br/>db to&#32;10&#58;00</div>', []],
  ['re\u2060store\u200bdb \u202eto 10:00', []],
])('%j is meant as "restore db to 10:00"', (text, entities) => {
  expect(cleanMention({ text, entities }, bot)).toMatchObject({
    kind: 'words',
    words: 'restore db to 10:00',
  });
});

test.each([
  ['<at>DR</at> skip <at>Megan Bowen</at> did it', [ours, megan], 'skip Megan Bowen did it'],
  ['<at>DR</at> <at>Megan Bowen</at> did it', [ours, megan], 'Megan Bowen did it'],
  ['<at>Dr</at> is a person', [mention('29:dr', '<at>Dr</at>')], 'Dr is a person'],
  ['write to a@dr.com or @drew', [], 'write to a@dr.com or @drew'],
  ['skip a<b and c>d &lt;b&gt; R&amp;D &amp;lt;', [], 'skip a<b and c>d <b> R&D &lt;'],
  ['&lt;at&gt;DR&lt;/at&gt; help', [], '<at>DR</at> help'],
  ['skip &#0;&#xD800;&#x110000;x', [], 'skip &#x110000;x'],
])('%j is read as people see it', (text, entities, words) => {
  expect(cleanMention({ text, entities }, bot)).toMatchObject({ kind: 'words', words });
});

test.each([undefined, '', '<at>DR</at>', '@dr', '&nbsp;'])('%j holds no words', (text) => {
  expect(cleanMention({ text, entities: [ours] }, bot)).toMatchObject({ kind: 'words', words: '' });
});

test('entities of any shape are harmless', () => {
  const entities = [null, 7, {}, { type: 'mention' }, { type: 'mention', mentioned: {}, text: 4 }, ours];
  expect(cleanMention({ text: '<at>DR</at> help', entities }, bot)).toMatchObject({
    kind: 'words',
    words: 'help',
  });
});

test('a message may be as long as the limit, not longer', () => {
  const words = 'x'.repeat(longestMessage);
  expect(cleanMention({ text: `<at>DR</at> ${words}`, entities: [ours] }, bot)).toMatchObject({
    kind: 'words',
    words,
  });
  expect(cleanMention({ text: `${words}x` }, bot)).toEqual({
    kind: 'too-long',
    length: longestMessage + 1,
    limit: longestMessage,
  });
  expect(cleanMention({ text: 'x'.repeat(1_000_000) }, bot).kind).toBe('too-long');
});

test('whatever arrives, the words are one line without control characters or a mention of the bot', () => {
  const pieces = fc.constantFrom(
    '<at>',
    '</at>',
    'DR',
    '<at>DR</at>',
    '@dr',
    '&nbsp;',
    '&#64;',
    '<',
    '>',
    '\n',
    ' ',
    'go',
  );
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, fc.array(fc.anything(), { maxLength: 3 }), (text, entities) => {
      const cleaned = cleanMention({ text, entities: [...entities, ours] }, bot);
      if (cleaned.kind === 'too-long') return;
      expect(cleaned.words).not.toMatch(/\p{Cc}|\p{Cs}|\s\s|^\s|\s$|(?:^|\s)@dr(?:\s|$)/iu);
    }),
    { numRuns: 300 },
  );
});

test('says whether the bot was mentioned: in a channel nothing else is meant for it', () => {
  const said = (text: string) => cleanMention({ text, entities: [ours] }, bot);

  expect(said('<at>DR</at> abort')).toMatchObject({ mentioned: true });
  expect(said('please @dr abort')).toMatchObject({ mentioned: true });
  expect(said('we should abort')).toMatchObject({ mentioned: false });
});
