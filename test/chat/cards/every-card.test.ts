import fc from 'fast-check';
import { drawForm } from '../../../src/chat/cards/draw-form';
import { drawGate } from '../../../src/chat/cards/draw-gate';
import { drawHeadline } from '../../../src/chat/cards/draw-headline';
import { drawHelp } from '../../../src/chat/cards/draw-help';
import { drawNotice, drawWaiting } from '../../../src/chat/cards/draw-notice';
import { drawReport } from '../../../src/chat/cards/draw-report';
import { drawReview } from '../../../src/chat/cards/draw-review';
import { drawStatus } from '../../../src/chat/cards/draw-status';
import { drawTimeline } from '../../../src/chat/cards/draw-timeline';
import { type Card, cardBudget, sizeOf } from '../../../src/chat/cards/render-card';
import { runbook as remove } from '../../../src/runbooks/remove-database';
import { runbook as restore } from '../../../src/runbooks/restore-database';
import { entryWords } from '../../../src/words/entry-words';
import { cut, plain } from '../../../src/words/plain';
import { alex, isaiah, megan } from './people';
import { partsOf, wordsOf } from './reading';
import { stories } from './stories';
import { incidentOf, signing, tale } from './story';
import { at, type Told } from './told';

const may = { retry: true, skip: true, undo: true, stop: true, abort: true };

/** Every card that a story's incident can be drawn as, with everybody's view of every gate. */
function cardsOf(told: readonly Told[], minutes: number, note = ''): readonly (readonly [string, Card])[] {
  const { view, run } = incidentOf(told);
  const { sign } = signing();
  const now = at(minutes);
  const gates = Object.keys(run.gates).flatMap((stage) =>
    [null, alex, megan, isaiah].flatMap((viewer) =>
      [undefined, 'Asia/Kolkata'].map((zone): readonly [string, Card] => {
        const view1 = {
          now,
          zone,
          sign,
          mayVote: viewer === megan,
          refusal: note,
          card: 'c',
          userIds: ['29:m'],
        };
        return [`gate ${stage} for ${viewer?.name ?? 'all'}`, drawGate(view, run, stage, viewer, view1)];
      }),
    ),
  );
  return [
    ...gates,
    ...run.reviews.map((of): readonly [string, Card] => ['review', drawReview(view, run, of, sign)]),
    ['headline', drawHeadline(view, run, [], { now, sign, mayDecide: may })],
    ['report', drawReport(view, run, { now, sign })],
    ['status', drawStatus([view, view], now)],
    ['timeline', drawTimeline(view, { now })],
    ['notice', drawNotice({ title: note, words: note, tone: 'info', sign })],
    ['waiting', drawWaiting({ title: note, words: note })],
  ];
}

/** What Teams takes: version, a fallback, the size, and no member that was left unfilled. */
function expectSound(name: string, card: Card): void {
  expect([name, card['type'], card['version']]).toEqual([name, 'AdaptiveCard', '1.5']);
  expect([name, String(card['fallbackText']).length > 0]).toEqual([name, true]);
  expect(sizeOf(card)).toBeLessThan(cardBudget);
  for (const part of partsOf(card)) {
    if (part['type'] === 'Action.Execute' && 'title' in part)
      expect([name, part['fallback']]).toEqual([
        name,
        expect.objectContaining({ type: 'Action.Submit', data: part['data'] }),
      ]);
    if (part['type'] === 'Image' || part['$data'] !== undefined || part['$when'] !== undefined)
      throw new Error(`${name}: ${JSON.stringify(part).slice(0, 200)}`);
  }
}

test.each(Object.keys(stories))('%s: every card of it is one that Teams takes', (name) => {
  const { told, now } = tale(name);
  const cards = cardsOf(told, now, 'Read as it was meant.');
  expect(cards.length).toBeGreaterThan(5);
  for (const [card, drawn] of cards) {
    expectSound(card, drawn);
    expect(JSON.stringify(drawn)).not.toContain('$' + '{');
    expect(JSON.stringify(drawn)).not.toMatch(/undefined|NaN|\[object/);
  }
});

const hostile = [
  '[x](http://evil.example)',
  '<at>Megan</at>',
  '$' + '{1+1}',
  '<b onclick=x>',
  '**bold**',
  '{{DATE(2026-01-01T00:00:00Z)}}',
];

/** A story in which everything that a person or Azure can word is the given text. */
function wordedAs(text: string): readonly Told[] {
  const told = tale('paused').told;
  const put = (value: unknown, key = ''): unknown => {
    if (
      [
        'type',
        'hash',
        'planHash',
        'stage',
        'expiresAt',
        'choice',
        'kind',
        'leads',
        'policy',
        'because',
        'before',
        'name',
        'op',
        'runbook',
        'severity',
        'role',
        'basis',
        'recoveredAfter',
        'runbookVersion',
        'onExpiry',
        'after',
        'covers',
      ].includes(key) &&
      key !== 'policy'
    )
      return value;
    if (typeof value === 'string') return text;
    if (Array.isArray(value)) return value.map((member) => put(member));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, put(member, name)]));
  };
  const named = { ...alex, name: text };
  return told.map(([minutes, who, event]) => [
    minutes,
    who === 'bot' ? who : named,
    put(event) as typeof event,
  ]);
}

test.each(hostile)('%s stays what was typed: no formatting, no link, no mention, no value', (text) => {
  for (const [name, card] of cardsOf(wordedAs(text), 33, text)) {
    expectSound(name, card);
    for (const part of partsOf(card))
      if (part['type'] === 'TextBlock')
        expect([name, part['text']]).not.toEqual([name, expect.stringContaining(text)]);
    if (name === 'headline' || name === 'report') expect(wordsOf(card)).toContain(text);
  }
  const { view, run } = incidentOf(wordedAs(text));
  for (const entry of view.entries) {
    const line = entryWords(entry, run).text;
    expect(line).not.toMatch(/<|\[|\*\*/);
  }
});

test('with four thousand characters in every reason and two hundred of everything, each card still fits', () => {
  const long = '🜂ſ'.repeat(2_000);
  const many = Array.from(
    { length: 200 },
    (_, index): Told => [
      ...([5 + index, { ...megan, id: `p${index}`, name: long }] as const),
      {
        type: 'vote.cast',
        stage: 'begin',
        round: 1,
        choice: 'approve',
        reason: long,
        planHash: hashOf(),
        roles: ['security'],
      },
    ],
  );
  const told = tale('waiting to begin').told;
  const notes = Array.from(
    { length: 200 },
    (_, index): Told => [300 + index, alex, { type: 'note.added', text: long }],
  );
  for (const [name, card] of cardsOf([...told, ...many, ...notes], 230, long)) expectSound(name, card);
  for (const [name, card] of cardsOf(wordedAs(long), 33, long)) expectSound(name, card);

  function hashOf(): string {
    for (const [, , event] of tale('waiting to begin').told)
      if (event.type === 'plan.compiled') return event.hash;
    throw new Error('The story has no plan.');
  }
});

test('a plan of two hundred stages fits, and its headline shows the part around now', () => {
  const told = tale('restoring').told;
  const longer = told.map(([minutes, who, event]): Told => {
    if (event.type !== 'plan.compiled') return [minutes, who, event];
    const more = Array.from({ length: 200 }, (_, index) => ({
      ...({
        kind: 'check',
        name: `more-${index}`,
        title: `Check number ${index}`,
        after: ['restore'],
      } as const),
      ...{ expectedMinutes: 1, withinMinutes: 1, reads: { check: 'x' } },
    }));
    return [minutes, who, { ...event, plan: { ...event.plan, stages: [...event.plan.stages, ...more] } }];
  });
  const cards = cardsOf(longer, 14);
  for (const [name, card] of cards) expectSound(name, card);
  const words = cards.flatMap(([name, card]) => (name === 'headline' ? [wordsOf(card)] : [])).join('');
  expect(words).toContain('Step 2 of 209');
  expect(words).toContain('Restore into AppRequestPortal-restored');
  expect(words).toMatch(/… and \d+ more: @dr timeline/);
});

test('help and the forms fit too, whatever is in them', () => {
  const long = 'x'.repeat(4_000);
  const command = {
    name: long,
    summary: long,
    examples: [long, long],
    effect: 'changes',
    may: [long],
  } as const;
  expectSound(
    'help',
    drawHelp(
      Array.from({ length: 40 }, () => ({ ...command, may: 'anyone' as const })),
      alex,
      long,
    ),
  );
  expectSound(
    'help',
    drawHelp(
      Array.from({ length: 40 }, () => command),
      alex,
      long,
    ),
  );
  const databases = Array.from({ length: 40 }, (_, index) => ({
    title: `${long}${index}`,
    value: `${long}${index}`,
  }));
  const values = {
    appTitle: long,
    server: long,
    database: long,
    databases,
    earliest: null,
    latest: '2026-02-14T09:18:00Z',
    tier: long,
    size: long,
    replication: long,
    how: 'swap',
    reason: long,
  };
  const choices = Array.from({ length: 40 }, () => ({ words: long, parameters: { at: long } }));
  for (const runbook of [restore, remove])
    expectSound(
      runbook.name,
      drawForm(runbook, values, {
        app: 'a',
        now: at(0),
        problem: long,
        choices,
        time: long,
        timeMeans: long,
        notices: [long, long],
        ...signing(),
      }),
    );
});

test('plain text reads back as what was typed, on one line, with nothing in it that formats', () => {
  const readBack = (text: string) =>
    text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile, '# x', '1. x', '- x', '+ x')),
      (text) => {
        expect(readBack(plain(text))).toBe(cut(text, 600));
        expect(plain(text)).not.toMatch(/[<>*_`~[\]|\\]|\n|^[#+-]|^\d+[.)]/);
      },
    ),
  );
});

test('no words of a person, however odd, stop a card from being drawn', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      for (const [name, card] of cardsOf(wordedAs(text), 33, text)) expectSound(name, card);
    }),
    { numRuns: 15 },
  );
});
