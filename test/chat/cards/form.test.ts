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

test('whoever needs selected rows is told what to choose and what is left to do, unless the database itself is gone', () => {
  const { sign } = signing();
  const options = { app: 'apprequest', now: at(0), sign };

  const words = wordsOf(drawForm(restore, values, options));
  expect(words).toMatch(/Selected rows only: choose A2\..* you copy the rows with your own SQL tool/);
  expect(wordsOf(drawForm(restore, { ...values, ended: true }, options))).not.toContain('Selected rows');
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

const deletion = {
  ...{
    label: 'Just before',
    short: 'Just before this',
    words: 'Anna deleted 214 requests',
    happened: '2026-02-14T08:58:12.345Z',
  },
  ...{ from: "the app's audit trail", possibleFrom: null },
  parameters: { database: 'AppRequestPortal', at: '2026-02-14T08:58:11.000Z', entry: { id: 'e7' } },
};

test('what happened is told with its times, and a button goes back behind it with exactly that entry', () => {
  const { sign, action } = signing();
  const card = drawForm(
    restore,
    { ...values, moments: [deletion] },
    { app: 'apprequest', now: at(0), zone: 'Europe/Berlin', sign, known: { zone: 'Europe/Berlin' } },
  );

  expect(wordsOf(card)).toContain('Anna deleted 214 requests');
  expect(wordsOf(card)).toMatch(
    /09:58:12 on Sat 14 Feb \(GMT\+1\) · 2026-02-14T08:58:12Z · 2\d minutes ago · the app's audit trail/,
  );
  const [before, show] = actionsOf(card);
  expect(before?.['title']).toBe('Just before Anna deleted 214 requests, 09:58:12');
  expect(show?.['title']).toBe('Show the plan');
  expect(action(before?.['data']?.['token'])).toEqual({
    ...{ verb: 'request', runbook: 'restore-database', app: 'apprequest' },
    known: { zone: 'Europe/Berlin', ...deletion.parameters },
  });
  // Nobody has to type a time that a button has.
  expect(inputOf(card, 'time')).toMatchObject({ isRequired: false });
});

test('a moment of another day says its day on the button', () => {
  const card = drawForm(
    restore,
    { ...values, moments: [{ ...deletion, happened: '2026-02-13T08:58:12Z' }] },
    { app: 'a', now: at(0), zone: 'Europe/Berlin', ...signing() },
  );
  // With the day it is too long for a phone's button: what it is about stands right above it.
  expect(actionsOf(card)[0]?.['title']).toBe('Just before this, 09:58:12 on Fri 13 Feb');
});

test('a moment that is not in the backups yet has no button, and says from when on it can be gone back to', () => {
  const recent = { ...deletion, possibleFrom: '2026-02-14T09:29:00Z' };
  const card = drawForm(
    restore,
    { ...values, moments: [recent] },
    { app: 'a', now: at(0), zone: 'Europe/Berlin', ...signing() },
  );
  expect(actionsOf(card).map(({ title }) => title)).toEqual(['Show the plan']);
  expect(wordsOf(card)).toMatch(
    /Not in the backups yet: .* from 10:29 \(GMT\+1\) on \(2026-02-14T09:29:00Z, in /,
  );
});

test('moments with long words keep the card in its budget, and what their buttons ask for is never cut', () => {
  const { sign, action } = signing();
  const words = `${'データ'.repeat(60)} deleted 3 requests`;
  const entry = { source: 'audit trail', id: 'x'.repeat(200), at: '2026-02-14T08:58:12.345Z', words };
  const moments = Array.from({ length: 5 }, () => ({
    ...{ ...deletion, words, parameters: { ...deletion.parameters, entry } },
  }));
  const databases = Array.from({ length: 120 }, (_, index) => ({
    title: `${'データ'.repeat(40)}${index}`,
    value: `${index}`,
  }));
  const card = drawForm(restore, { ...values, databases, moments }, { app: 'a', now: at(0), sign });
  expect(sizeOf(card)).toBeLessThan(cardBudget);
  expect(action(actionsOf(card)[0]?.['data']?.['token'])).toMatchObject({ known: { entry } });
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
