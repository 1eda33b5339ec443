import { drawTriage } from '../../../src/chat/cards/draw-triage';
import { cardBudget, sizeOf } from '../../../src/chat/cards/render-card';
import type { Answers } from '../../../src/readiness/triage/answers';
import type { KeptTriage } from '../../../src/readiness/triage/kept-triages';
import { triage } from '../../../src/readiness/triage/triage';
import { app, type Fault, saying, seeing } from '../../readiness/triage/seen';
import { actionsOf, partsOf, titlesOf, wordsOf } from './reading';
import { signing } from './story';

const kept = (more: Partial<KeptTriage> = {}): KeptTriage => ({
  ...{ id: '7', app: app.name, conversation: 'thread', askedBy: 'Alex Wilber', round: 1, answers: {} },
  ...{ begunAt: new Date('2026-02-14T02:13:00Z'), findings: null, looking: false },
  ...more,
});

function drawn(happened: readonly Fault[], answers: Answers = {}, more: Partial<KeptTriage> = {}) {
  const findings = seeing(...happened);
  const { sign, action } = signing();
  const one = kept({ findings, answers, ...more });
  const card = drawTriage(one, triage(findings, answers, app), {
    app,
    simulated: true,
    sign,
    has: () => true,
  });
  const asked = actionsOf(card).map(({ data }) => action(data?.['token']));
  return { card, asked, words: wordsOf(card) };
}

test('the first thing on the card is what to do, with its scenario and its one button', () => {
  const { card, words, asked } = drawn(['app complains of its secrets', 'secret deleted']);

  expect(words.split('\n')[0]).toContain(
    'Recover the secret AzureAdClientSecret (Scenario 2: Key Vault secret lost)',
  );
  expect(titlesOf(card)).toEqual(['Open this recovery', 'Look again']);
  expect(asked).toContainEqual({
    ...{ verb: 'form', runbook: 'recover-secret', app: 'apprequest', triage: '7' },
    known: { secret: 'AzureAdClientSecret' },
  });
});

test('every finding stands there with its time and its state in a word', () => {
  const { words } = drawn(['app complains of its secrets', 'secret deleted', 'region unknown']);

  expect(words).toMatch(/Key Vault\n✗ broken\nAzureAdClientSecret is deleted\.\s+02:13:05Z/);
  expect(words).toMatch(/Database\n✓ well/);
  expect(words).toMatch(/Region\n\? not known/);
});

test('a question has three answers, one of which is not to know', () => {
  const { card, words } = drawn([]);

  expect(words).toContain('Is the data right?');
  expect(titlesOf(card)).toEqual([
    'Yes, it is right',
    'No, data is missing or wrong',
    'Not sure',
    'Look again',
  ]);
});

test('what people said stands there with their names, and can be asked again', () => {
  const { card, words } = drawn([], saying('data no'));

  expect(words).toMatch(/Is the data right\? No, data is missing or wrong\s+Alex Wilber, 02:14:00Z/);
  expect(titlesOf(card)).toEqual(['Open this recovery', 'Look again', 'Ask again: Is the data right?']);
});

test('what somebody wrote is told from what they pressed', () => {
  const { words } = drawn([], {
    data: { value: 'no', by: 'Alex Wilber', at: '2026-02-14T02:12:59Z', how: 'said' },
  });

  expect(words).toContain('Alex Wilber wrote it, 02:12:59Z');
});

test('why not the others is there, folded away', () => {
  const { card, words } = drawn(['app complains of its secrets', 'secret deleted']);
  const why = partsOf(card).find(({ id }) => id === 'why');

  expect(why?.['isVisible']).toBe(false);
  expect(words).toContain(
    'Scenario 3: Region failure: Not the region: the app, Key Vault, the database and storage answer in the same region.',
  );
  expect(words).not.toContain('Scenario 2: Key Vault secret lost: ');
});

test('while it looks there is nothing to press, and what was seen before stays', () => {
  const before = drawn(['secret deleted'], {}, { looking: true, round: 2 });
  const first = drawTriage(kept({ looking: true }), null, {
    app,
    simulated: true,
    sign: signing().sign,
    has: () => true,
  });

  expect(titlesOf(before.card)).toEqual([]);
  expect(before.words).toContain('Looking again at App Store for Intune…');
  expect(before.words).toContain('AzureAdClientSecret is deleted.');
  expect(wordsOf(first)).toContain('Looking at App Store for Intune…');
  expect(wordsOf(first)).not.toContain('What was seen');
});

test('a recovery for which this bot has no runbook has no button', () => {
  const findings = seeing('vault deleted');
  const card = drawTriage(kept({ findings }), triage(findings, {}, app), {
    ...{ app, simulated: false, sign: signing().sign, has: () => false },
  });

  expect(titlesOf(card)).toEqual(['Look again']);
  expect(wordsOf(card)).not.toContain('Simulated');
});

test('words as long and as odd as Azure may make them stay within the size that Teams takes', () => {
  const hostile = `[x](http://evil.example) ${'$' + '{1+1}'} <at>Megan</at> `.repeat(400);
  const findings = Object.fromEntries(
    Object.entries(seeing('app failing', 'secret deleted', 'storage silent')).map(([probe, one]) => [
      probe,
      { ...one, words: hostile },
    ]),
  ) as unknown as NonNullable<KeptTriage['findings']>;
  const answers = saying('data no, sign-in no, password unsure, packaging yes, reach no');
  const card = drawTriage(kept({ findings, answers, askedBy: hostile }), triage(findings, answers, app), {
    ...{ app, simulated: true, sign: signing().sign, has: () => true },
  });

  expect(sizeOf(card)).toBeLessThan(cardBudget);
  expect(card['version']).toBe('1.5');
  expect(String(card['fallbackText'])).not.toMatch(/[<[]/);
  expect(JSON.stringify(card)).not.toMatch(/undefined|NaN|\[object/);
});

test('the same triage gives the same card', () => {
  expect(drawn(['app failing']).card).toEqual(drawn(['app failing']).card);
});
