import type { ProtectedApp } from '../../engine/estate';
import type { CompileContext } from '../../engine/runbook';
import type { Plan } from '../../incidents/plan';
import type { GroupState } from './group-state';
import type { Move } from './move-to-site';
import type { Site } from './sites';
import { trafficNotices } from './traffic';

type Runbook = 'failover-region' | 'failback-region';

/** Why a forced failover cannot be taken back. */
export const irreversibleWords = (to: Site, from: Site): string =>
  `What had not reached ${to.region} is lost, and ${from.region} cannot lead again before it answers and has copied everything back: then @dr failback.`;

/** The question of the approval. */
export function questionOf(
  app: ProtectedApp,
  { to, how, back }: Pick<Move, 'to' | 'how'> & { readonly back: boolean },
): string {
  if (back && how === 'planned') return `Take ${app.title} back to ${to.region}, without losing data?`;
  if (how === 'forced')
    return `Fail ${app.title} over to ${to.region} by force, and accept that data may be lost?`;
  return how === 'planned'
    ? `Fail ${app.title} over to ${to.region}, without losing data?`
    : `Lead ${app.title} to ${to.region}, where its database is already?`;
}

/** At which of an app's two places it is green. */
export interface GreenAt {
  readonly first: boolean;
  readonly second: boolean;
}

/** Why an app whose database is in no failover group cannot go back, or need not. */
export const noGroupWords = (
  { title, database, primaryRegion, secondaryRegion }: ProtectedApp,
  green: GreenAt,
): string =>
  green.first && !green.second
    ? `${title} is green in ${primaryRegion} and is not served from ${secondaryRegion}: there is nothing to go back from.`
    : `${database} is in no failover group, so nothing copies its data to ${primaryRegion}. Replicate it again first (@dr reprotect); then it can go back without loss.`;

/** What is lost. Azure does not tell how far a secondary is behind: what is not known is not called nothing. */
export const lossOf = ({ how, to }: Move): Plan['loss'] =>
  how === 'forced'
    ? {
        ...{ minutes: null, from: null, settledBy: 'fail-over' },
        words: `Everything that had not reached ${to.region} when the primary fell silent. Seconds as a rule, but Azure's management interface does not tell how far the copy was behind.`,
      }
    : {
        ...{ minutes: 0, from: null, settledBy: null },
        words:
          how === 'planned'
            ? 'None: Azure copies everything before the roles change.'
            : 'None: the database is there already.',
      };

/** How long it should take: our own past runs, or the document's figure for Tier 3. */
export function durationOf(runbook: Runbook, { past }: CompileContext): Plan['duration'] {
  const measured = past(runbook, 'fail-over');
  return measured === null
    ? { minutes: 15, basis: 'document', words: '15 to 30 minutes by the document; never run here yet' }
    : {
        ...{ minutes: Math.ceil(measured + 5), basis: 'past runs' },
        words: `about ${Math.ceil(measured + 5)} minutes, as our own past runs took`,
      };
}

/** What people must know before they say yes. */
export function moveNotices(
  move: Move,
  { group, bothAnswer, replication }: GroupState,
  { listener }: { readonly listener: boolean | null },
  { app }: CompileContext,
): readonly string[] {
  const { to, from, how, traffic, way } = move;
  return [
    ...(how === 'forced'
      ? [
          bothAnswer
            ? `By force although both sides answer (replication: ${replication ?? 'unknown'}): what has not reached ${to.region} is lost.`
            : `${from.region} does not answer, so only a forced failover is possible. If it may be back within minutes, waiting loses nothing.`,
        ]
      : []),
    ...(how === 'planned'
      ? [`The app has no database for about a minute, while the roles of ${group.name} change.`]
      : []),
    policyWords(group),
    ...listenerWords(to, group.listener, listener),
    ...trafficNotices(traffic, { to, from }, app),
    ...way.notices,
  ];
}

/** Whether Azure would fail over by itself, told as it is: the grace period is hours, not minutes. */
function policyWords({ name, policy, graceMinutes }: GroupState['group']): string {
  if (policy === 'Manual') return `Azure never fails ${name} over by itself (policy Manual).`;
  const hours = graceMinutes === null ? null : graceMinutes / 60;
  return `Azure fails ${name} over by itself, by force, ${hours === null ? 'after its grace period' : `after ${hours} hour${hours === 1 ? '' : 's'}`} without the primary (policy Automatic).`;
}

function listenerWords({ webApp }: Site, listener: string, uses: boolean | null): readonly string[] {
  if (uses === true) return [];
  return uses === false
    ? [
        `The connection string of ${webApp.app} does not use the group's listener ${listener}: it stays with one server whichever leads. Change it, or the app will not be green.`,
      ]
    : [
        `Whether ${webApp.app} connects by the group's listener ${listener} is not known: its connection string is in the vault, and the bot reads no secrets. Its health shows it after the restart.`,
      ];
}

/** What people should do once it is over. */
export function afterwardsOf(runbook: Runbook, { from, to, how, traffic }: Move, { app }: CompileContext) {
  return [
    ...(traffic || app.domain
      ? []
      : [
          `Nothing leads people to ${to.region} by itself: tell them https://${to.webApp.app}.azurewebsites.net.`,
        ]),
    ...(runbook === 'failback-region'
      ? []
      : [
          how === 'forced'
            ? `When ${from.region} answers again, Azure makes it the secondary and copies everything there anew. Then @dr failback takes ${app.title} back without loss; if the replication is missing, @dr reprotect first.`
            : `@dr failback takes ${app.title} back to ${from.region} without loss.`,
        ]),
  ];
}
