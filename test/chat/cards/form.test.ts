import { drawForm } from '../../../src/chat/cards/draw-form';
import { drawNotice, drawWaiting } from '../../../src/chat/cards/draw-notice';
import { cardBudget, renderCard, sizeOf } from '../../../src/chat/cards/render-card';
import { runbook as remove } from '../../../src/runbooks/remove-database';
import { runbook as restore } from '../../../src/runbooks/restore-database';
import { actionsOf, inputOf, wordsOf } from './reading';
import { signing } from './story';
import { at } from './told';

const values = {
  ...{ app: 'apprequest', appTitle: 'App Request Portal', server: 'sql-apprequest-prod-demo01' },
  database: 'AppRequestPortal',
  databases: [{ title: 'AppRequestPortal', value: 'AppRequestPortal' }],
  ...{ earliest: '2026-02-07T00:00:00.000Z', latest: '2026-02-14T09:18:00Z' },
  ...{ tier: 'S0', size: '1.2 GB', replication: 'It is not geo-replicated.', how: 'swap', reason: '' },
};

test('the form is prefilled, and its times are said in local time, UTC and distance', () => {
  const { sign, action } = signing();
  const card = drawForm(restore, values, {
    ...{ app: 'apprequest', now: at(0), zone: 'Europe/Berlin', sign, known: { zone: 'Europe/Berlin' } },
    ...{ time: '10:00', timeMeans: '10:00 today = 09:00 UTC, 24 minutes ago' },
  });
  expect(wordsOf(card)).toContain('10:18 on Sat 14 Feb (GMT+1) · 2026-02-14T09:18:00Z · 6 minutes ago');
  expect(wordsOf(card)).toContain('10:00 today = 09:00 UTC, 24 minutes ago');
  expect(inputOf(card, 'time')).toMatchObject({ type: 'Input.Text', value: '10:00', isRequired: true });
  expect(inputOf(card, 'database')).toMatchObject({ value: 'AppRequestPortal', choices: values.databases });
  expect(inputOf(card, 'how')).toMatchObject({ value: 'swap' });
  const [show, ...others] = actionsOf(card);
  expect(others).toEqual([]);
  expect(show).toMatchObject({ title: 'Show the plan', type: 'Action.Execute', verb: 'request' });
  expect(show?.['fallback']).toMatchObject({ type: 'Action.Submit', data: show?.['data'] });
  expect(action(show?.['data']?.['token'])).toEqual({
    ...{ verb: 'request', runbook: 'restore-database', app: 'apprequest' },
    known: { zone: 'Europe/Berlin' },
  });
});

test('a moment typed to the second stands in its input as it was typed', () => {
  const { sign } = signing();
  const card = drawForm(
    restore,
    { ...values, time: '2026-02-14T09:00:00Z' },
    { app: 'apprequest', now: at(0), zone: 'Europe/Berlin', sign },
  );

  expect(inputOf(card, 'time')).toMatchObject({ value: '2026-02-14T09:00:00Z' });
});

test('a refused time is explained first, and every choice that would work is a button of its own', () => {
  const { sign, action } = signing();
  const card = drawForm(restore, values, {
    ...{ app: 'apprequest', now: at(0), sign, known: { database: 'AppRequestPortal' } },
    problem: '10:00 is still to come.',
    choices: [
      { words: 'Yesterday 10:00', parameters: { at: '2026-02-13T10:00:00Z' } },
      { words: 'The newest: 09:18', parameters: { at: '2026-02-14T09:18:00Z' } },
    ],
  });
  expect(wordsOf(card).indexOf('10:00 is still to come.')).toBeLessThan(wordsOf(card).indexOf('Earliest'));
  const [first] = actionsOf(card);
  expect(first?.['title']).toBe('Yesterday 10:00');
  expect(action(first?.['data']?.['token'])).toMatchObject({
    known: { database: 'AppRequestPortal', at: '2026-02-13T10:00:00Z' },
  });
});

test('a moment that Azure does not give is said to be unknown', () => {
  const card = drawForm(restore, { ...values, earliest: null }, { app: 'a', now: at(0), ...signing() });
  expect(wordsOf(card)).toContain('Earliest  unknown');
});

test('with nothing to remove, the clean-up form offers no button', () => {
  const nothing = { ...values, database: '', databases: [] };
  const empty = drawForm(remove, nothing, { app: 'a', now: at(0), ...signing() });
  expect(actionsOf(empty)).toEqual([]);
  expect(wordsOf(empty)).toContain('There is nothing to remove.');
  expect(actionsOf(drawForm(remove, values, { app: 'a', now: at(0), ...signing() }))).toHaveLength(1);
});

test('a form with hundreds of databases still fits, and says how many it leaves out', () => {
  const databases = Array.from({ length: 300 }, (_, index) => {
    const name = `${'データ'.repeat(40)}${index}`;
    return { title: name, value: name };
  });
  const card = drawForm(restore, { ...values, databases }, { app: 'a', now: at(0), ...signing() });
  expect(sizeOf(card)).toBeLessThan(cardBudget);
  expect(wordsOf(card)).toMatch(/Not everything fits here \(databases: \d+ of 300\)/);
});

test('a notice carries its words literally and its choices as buttons', () => {
  const { sign, action } = signing();
  const card = drawNotice({
    ...{
      title: 'I do not know "resotre"',
      words: 'Did you mean [this](http://evil)?',
      tone: 'warning',
      sign,
    },
    choices: [{ label: '@dr restore', action: { verb: 'say', words: 'restore' } }],
  });
  expect(wordsOf(card)).toContain('Did you mean [this](http://evil)?');
  expect(card['fallbackText']).not.toContain('[this](http');
  expect(action(actionsOf(card)[0]?.['data']?.['token'])).toEqual({ verb: 'say', words: 'restore' });
});

test('while Azure is being read the card says so', () => {
  expect(wordsOf(drawWaiting({ title: 'Reading Azure …', words: 'A moment.' }))).toContain('Reading Azure …');
});

test('a template that asks for what the data lacks is an error, and a person who types the same is not', () => {
  expect(() => renderCard('waiting', { title: 'x', words: 'y' })).toThrow(/fallback/);
  const card = renderCard('waiting', { title: '$' + '{1+1}', words: '$' + '{title}', fallback: '' });
  expect(wordsOf(card)).toContain('$' + '{1+1}');
});
