import { findArrived, marked } from '../../src/chat/arrived';
import { plain } from '../../src/words/plain';

const line = (text: string) => ({ id: 'entry:inc1:12', content: { text } });

test.each([
  ['as it was sent', (text: string) => text],
  ['as HTML', (text: string) => `<p>${text}</p>\n<attachment id="x"></attachment>`],
  ['with its references resolved', () => '#12 09:12:07Z · Zoë <x> & *co* · Approved “it”'],
  ['with other white space', (text: string) => text.replaceAll(' ', '&nbsp; ')],
])('a line is recognised %s', (_how, shown) => {
  const text = `#12 09:12:07Z · ${plain('Zoë <x> & *co*')} · Approved “it”`;
  const messages = [
    { id: '1', text: '#1 09:12:07Z · Zoë · Asked', cards: [] },
    { id: '2', text: shown(text), cards: [] },
  ];
  expect(findArrived(messages, line(text))).toBe('2');
});

test('a line that says the same at another time is another line', () => {
  const messages = [{ id: '1', text: '#11 09:12:07Z · Megan Bowen · Approved', cards: [] }];
  expect(findArrived(messages, line('#12 09:12:07Z · Megan Bowen · Approved'))).toBeNull();
});

test('a card is recognised by its mark and by nothing that people could write', () => {
  const card = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: 'dr:gate:inc1-1:begin:1' }] };
  const message = { id: 'gate:inc1-1:begin:1', content: { card } };
  expect(findArrived([{ id: '1', text: '', cards: [card] }], message)).toBeNull();
  expect(findArrived([{ id: '1', text: '', cards: [marked(card, message.id)] }], message)).toBe('1');
  expect(
    findArrived([{ id: '1', text: '', cards: [marked(card, 'gate:inc1-1:begin:12')] }], message),
  ).toBeNull();
});
