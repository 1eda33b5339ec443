import type { ProtectedApp } from '../../engine/estate';
import { type Answer, type Answers, type Question, questions } from '../../readiness/triage/answers';
import type { KeptTriage } from '../../readiness/triage/kept-triages';
import { type Mark, rowsOf } from '../../readiness/triage/rows';
import { scenarios, type Triage, type Verdict } from '../../readiness/triage/verdict';
import { cut, type Limits, plain } from '../../words/plain';
import { sayClockUtc } from '../../words/say';
import type { Tone } from '../../words/situation';
import type { Sign } from '../action';
import { type Button, button } from './button';
import { type Card, type CardData, fitting, renderCard } from './render-card';

/** What a triage's card is drawn from besides the triage itself. */
export interface TriageOptions {
  readonly app: ProtectedApp;
  readonly simulated: boolean;
  readonly sign: Sign;
  /** Whether this bot has a runbook of that name, so that its form can be opened. */
  readonly has: (runbook: string) => boolean;
}

/**
 * The one living card of a triage: what to do now first of all, then what people are asked, then each finding with its
 * time, and behind a button the way to it and why not the others. While a look is under way it says so, and shows what
 * is known from the look before. Pure: the same triage gives the same card.
 */
export function drawTriage(kept: KeptTriage, triage: Triage | null, options: TriageOptions): Card {
  const { app, simulated } = options;
  const head = headOf(kept, triage, app);
  const { recommended, asked, around } = buttonsOf(kept, triage, options);
  return fitting((limits) =>
    renderCard('triage', {
      ...{ symbol: head.symbol, tone: head.tone, title: cut(head.title, 140) },
      words: cut(head.words, 2 * limits.text),
      place: cut(`Triage of ${app.title} · asked for by ${kept.askedBy}`, 160),
      recommended,
      afterwards: (triage?.afterwards ?? []).slice(0, 4).map((one) => cut(one, limits.text)),
      questions: asked,
      rows: kept.findings ? rowsOf(kept.findings).map((row) => rowData(row, limits)) : [],
      answers: answersSaid(kept.answers, limits),
      path: (triage?.path ?? []).map(({ question, answer, because }) => ({
        ...{ question, answer: cut(answer, 80), because: cut(because, limits.text) },
      })),
      others: (triage?.others ?? []).map(({ scenario, words }) => ({
        ...{ scenario: scenarios[scenario], words: cut(words, limits.text) },
      })),
      footerButtons: around,
      footer: [
        'Nothing is changed by a triage: it only looks',
        ...(simulated ? ['Simulated Azure'] : []),
      ].join(' · '),
      fallback: plain(`${head.title}. ${head.words}`, 300),
    }),
  );
}

interface Head {
  readonly symbol: string;
  readonly tone: Tone;
  readonly title: string;
  readonly words: string;
}

function headOf({ looking, round }: KeptTriage, triage: Triage | null, app: ProtectedApp): Head {
  if (!triage || looking)
    return {
      ...{ symbol: '●', tone: 'accent' },
      title: round > 1 ? `Looking again at ${app.title}…` : `Looking at ${app.title}…`,
      words:
        'Eight probes are under way, side by side. What does not answer within seconds is shown as not known.',
    };
  return { ...looks[triage.verdict.kind], title: titleOf(triage.verdict), words: triage.verdict.words };
}

const titleOf = (verdict: Verdict): string =>
  verdict.kind === 'recover' ? `${verdict.title} (${scenarios[verdict.scenario]})` : verdict.title;

const looks: { readonly [kind in Verdict['kind']]: Pick<Head, 'symbol' | 'tone'> } = {
  recover: { symbol: '►', tone: 'attention' },
  'by hand': { symbol: '!', tone: 'warning' },
  ask: { symbol: '?', tone: 'accent' },
  gather: { symbol: '…', tone: 'warning' },
  none: { symbol: '✓', tone: 'good' },
};

const markLooks: { readonly [mark in Mark]: { readonly symbol: string; readonly color: string } } = {
  well: { symbol: '✓', color: 'good' },
  broken: { symbol: '✗', color: 'attention' },
  noticed: { symbol: '!', color: 'warning' },
  'not known': { symbol: '?', color: 'warning' },
};

const rowData = (
  { title, mark, words, at }: ReturnType<typeof rowsOf>[number],
  limits: Limits,
): CardData => ({
  ...{ title, mark, ...markLooks[mark], words: cut(words, limits.text) },
  at: sayClockUtc(new Date(at)),
});

function answersSaid(answers: Answers, limits: Limits): readonly CardData[] {
  return answersIn(answers).map(([question, answer]) => ({
    asks: questions[question].asks,
    answer: answer.value === 'unsure' ? 'Not sure' : questions[question][answer.value],
    who: cut(
      `${answer.by}${answer.how === 'said' ? ' wrote it' : ''}, ${sayClockUtc(new Date(answer.at))}`,
      limits.text,
    ),
  }));
}

const answersIn = (answers: Answers): readonly (readonly [Question, Answer])[] =>
  (Object.keys(questions) as Question[]).flatMap((question) => {
    const answer = answers[question];
    return answer ? [[question, answer] as const] : [];
  });

interface Buttons {
  readonly recommended: readonly Button[];
  readonly asked: readonly {
    readonly asks: string;
    readonly help: string;
    readonly buttons: readonly Button[];
  }[];
  readonly around: readonly Button[];
}

/** The buttons of a card that is at rest; while a look is under way there is nothing to press. */
function buttonsOf(kept: KeptTriage, triage: Triage | null, { app, sign, has }: TriageOptions): Buttons {
  if (!triage || kept.looking) return { recommended: [], asked: [], around: [] };
  const { id, round, answers } = kept;
  const { verdict } = triage;
  const answering = (question: Question, value: Answer['value'] | null, words: string) =>
    button(sign, { verb: 'triage-answer', triage: id, question, value }, words);
  const opened =
    verdict.kind === 'recover' && has(verdict.runbook)
      ? [
          button(
            sign,
            { verb: 'form', runbook: verdict.runbook, app: app.name, known: verdict.known, triage: id },
            'Open this recovery',
            { style: 'positive' },
          ),
        ]
      : [];
  return {
    recommended: opened,
    asked: (verdict.kind === 'ask' ? verdict.asks : []).map((question) => {
      const { asks, help, yes, no } = questions[question];
      const buttons = [
        answering(question, 'yes', yes),
        answering(question, 'no', no),
        answering(question, 'unsure', 'Not sure'),
      ];
      return { asks, help, buttons };
    }),
    around: [
      button(sign, { verb: 'triage-look', triage: id, round }, 'Look again'),
      ...answersIn(answers).map(([question]) =>
        answering(question, null, `Ask again: ${questions[question].asks}`),
      ),
    ],
  };
}
