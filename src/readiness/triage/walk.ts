import type { ProtectedApp } from '../../engine/estate';
import { accessible } from './accessible';
import type { Answers } from './answers';
import { nothingAnswers } from './extent';
import { faultsIn } from './faults';
import type { Findings } from './finding';
import { notAccessible } from './not-accessible';
import { ends, turn, type Walked } from './path';
import type { Turn } from './verdict';

/** Walks the document's decision tree ("Decision tree", at its end) with the findings and answers. */
export function walk(findings: Findings, answers: Answers, app: ProtectedApp): Walked {
  const { app: seen } = findings;
  if (nothingAnswers(findings))
    return ends(
      [
        turn(
          'Does anything answer the bot?',
          'No',
          'not the app, not Azure, not even the sign-in of Microsoft',
        ),
      ],
      {
        kind: 'gather',
        title: "The bot's own connection may be the cause",
        words: `Nothing answers the bot, not even Microsoft's sign-in, so it cannot tell what has failed. Open the app and portal.azure.com in your own browser. If they open, mend the bot's network or start the bot elsewhere; if they do not, look at status.azure.com. Then look again.`,
      },
    );
  const opens = isAccessible(findings, answers);
  const first = turn('Is the application accessible?', opens, seen.words);
  return withoutAzure(findings, underWay(findings, answers, app, opens, first));
}

function underWay(
  findings: Findings,
  answers: Answers,
  app: ProtectedApp,
  opens: ReturnType<typeof isAccessible>,
  first: Turn,
): Walked {
  if (opens === 'Not known' && faultsIn(findings, app).length === 0)
    return ends(
      [first],
      answers.reach
        ? {
            kind: 'gather',
            title: 'Find out whether the app opens, and change nothing until then',
            words: `${app.healthUrl} turns the bot away. Let the bot in, or open the app in a browser, then look again.`,
          }
        : {
            kind: 'ask',
            title: 'The app turns the bot away, so the bot cannot tell how it is',
            words: 'A login or an access restriction stands before its health endpoint. One answer decides.',
            asks: ['reach'],
          },
    );
  const walked = opens === 'Yes' ? accessible(findings, answers, app) : notAccessible(findings, answers, app);
  return { ...walked, path: [first, ...walked.path] };
}

/** Whether the app opens: by its own word, and where it turns the bot away, by a person's. */
function isAccessible(findings: Findings, { reach }: Answers): 'Yes' | 'No' | 'Not known' {
  if (findings.app.state === 'green') return 'Yes';
  if (findings.app.state !== 'refused' || reach?.value === 'no') return 'No';
  return reach?.value === 'yes' ? 'Yes' : 'Not known';
}

/** No scenario can be carried out while Azure Resource Manager does not answer the bot. */
function withoutAzure({ azure }: Findings, walked: Walked): Walked {
  if (walked.verdict.kind !== 'recover' || azure.state === 'answers') return walked;
  const { title } = walked.verdict;
  return {
    ...walked,
    verdict: {
      kind: 'gather',
      title:
        azure.state === 'refused'
          ? "Azure refuses the bot's sign-in"
          : 'Azure Resource Manager does not answer',
      words: `It would be: ${title}. But no plan can be made before Azure answers the bot. ${azure.words} Mend that, then look again.`,
    },
  };
}
