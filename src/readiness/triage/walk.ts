import type { ProtectedApp } from '../../engine/estate';
import { accessible } from './accessible';
import type { Answers } from './answers';
import { nothingAnswers } from './extent';
import type { Findings } from './finding';
import { notAccessible } from './not-accessible';
import { ends, turn, type Walked } from './path';

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
  const first = turn('Is the application accessible?', seen.state === 'green' ? 'Yes' : 'No', seen.words);
  const walked =
    seen.state === 'green' ? accessible(findings, answers, app) : notAccessible(findings, answers, app);
  return withoutAzure(findings, { ...walked, path: [first, ...walked.path] });
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
