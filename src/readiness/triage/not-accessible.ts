import type { ProtectedApp } from '../../engine/estate';
import type { Answers } from './answers';
import { extentOf } from './extent';
import { faultsIn, newest } from './faults';
import type { Findings, Part } from './finding';
import { ends, turn, type Walked } from './path';
import { failOverRegion, rollBack } from './recoveries';
import { signals } from './signals';
import type { Turn } from './verdict';

/** The app is not accessible: one resource, or the entire region. */
export function notAccessible(findings: Findings, answers: Answers, app: ProtectedApp): Walked {
  const extent = extentOf(findings, answers);
  const question = 'Is it a single resource or the entire region?';
  switch (extent.is) {
    case 'region':
      return ends([turn(question, 'Entire region', extent.because)], failOverRegion(app));
    case 'our connection':
      return ends([turn(question, 'Neither', extent.because)], {
        kind: 'gather',
        title: "The bot's own connection to the region may be the cause",
        words: `The app opens for people, and not for the bot. Mend the bot's network, or start the bot elsewhere, then look again. Nothing of the app's needs a recovery.`,
      });
    case 'unconfirmed':
      return ends(
        [turn(question, 'Not known', extent.because)],
        answers.reach
          ? {
              kind: 'gather',
              title: 'Try the app from another network, then look again',
              words:
                "A region that is down and a cut in the bot's own network look the same from here. Look at status.azure.com too. Change nothing until one of them is sure.",
            }
          : {
              kind: 'ask',
              title: `It looks as if ${app.primaryRegion} is down`,
              words:
                "A cut in the bot's own network would look the same, and a failover loses data. One answer decides.",
              asks: ['reach'],
            },
      );
    case 'one resource': {
      const faults = faultsIn(findings, app);
      const [first, ...others] = faults;
      if (!first) return crashing(findings, app, turn(question, 'A single resource', extent.because));
      return ends(
        [
          turn(
            question,
            others.length > 0 ? 'Several resources, not the region' : 'A single resource',
            extent.because,
          ),
          turn('Which one?', first.part, first.because),
        ],
        first.verdict,
        others.map(({ part, because }) => `${part} too: ${because}`),
      );
    }
  }
}

/** Nothing that the app depends on is seen to fail, and yet it does. */
function crashing(findings: Findings, app: ProtectedApp, extent: Turn): Walked {
  const { app: seen, changes } = findings;
  const which = (answer: string, because: string) => [extent, turn('Which one?', answer, because)];
  const release = newest(changes, 'settings') ?? newest(changes, 'deployment');
  if (release)
    return ends(
      which(
        'App Service',
        `${release.by} changed its ${release.kind} at ${release.at.slice(11, 16)}Z, and ${seen.words}`,
      ),
      rollBack(app, seen),
    );
  const signs = signals(findings);
  // An app that answers, and does not complain of its storage, reaches it, whatever the bot sees.
  const uses = (part: Part) =>
    part !== 'storage' || seen.fails.length === 0 || seen.fails.includes('storage');
  const dark = (['secrets', 'database', 'storage'] as const).filter(
    (part) => signs[part] !== 'up' && uses(part),
  );
  if (dark.length > 0) {
    const unseen = dark.map((part) => findings[part].words).join(' ');
    return ends(which('Not known', unseen), {
      kind: 'gather',
      title: 'Not enough is known to recommend anything',
      words: `The app fails, and what it depends on is not all known: ${unseen} Look again; if it stays unknown, look at it in the portal.`,
    });
  }
  if (
    seen.state === 'unhealthy' &&
    seen.fails.length > 0 &&
    seen.fails.every((name) => dependencies.has(name))
  )
    return ends(
      which('App Service', `it complains of ${seen.fails.join(' and ')}, which the bot sees working`),
      {
        kind: 'by hand',
        title: `Restart ${app.webApp.app}`,
        words: `What it complains of works, so it holds on to an old connection or value: az webapp restart --resource-group ${app.webApp.resourceGroup} --name ${app.webApp.app}. Then look again. If it stays red, its login, its key or a firewall was changed.`,
      },
    );
  return ends(which('App Service', 'it fails, and all that it depends on works'), rollBack(app, seen));
}

/** The names of an app's own checks that stand for a part which is probed by itself. */
const dependencies: ReadonlySet<string> = new Set(['secrets', 'database', 'storage']);
