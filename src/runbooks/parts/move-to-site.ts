import type { CompileContext } from '../../engine/runbook';
import { approvalGate, check, gate, type Planned, step } from '../../engine/stage-builders';
import type { CheckStage, GateStage, Stage, StepStage } from '../../incidents/plan';
import { domainStages, REACHED, redirectStages } from './region-network';
import type { Site } from './sites';
import { LED, type Traffic, trafficStages } from './traffic';
import type { Way } from './way-to-app';

/** An app that goes to its other place together with its failover group. */
export interface Move {
  readonly to: Site;
  readonly from: Site;
  readonly group: string;
  /** Null: the group is led from there already, and only the app and the people have to follow. */
  readonly how: 'planned' | 'forced' | null;
  /** Why a forced failover has no way back. */
  readonly irreversible: string;
  readonly traffic: Traffic | null;
  readonly way: Way;
  readonly question: string;
  /** The answers of the gate at the end, for what can be taken back. */
  readonly keep: { readonly question: string; readonly label: string };
}

/**
 * Fail the group over, let the app connect afresh, prove that it is green there, and only then lead people to it. What
 * does not depend on the database runs beside it.
 */
export function moveStages(move: Move, context: CompileContext): readonly Stage[] {
  const { way, to } = move;
  const data = dataStages(move, context);
  const healthy = healthyCheck(move, ['restart-app'], context);
  const traffic = move.traffic
    ? trafficStages(move.traffic, { to, from: move.from }, ['healthy'], context)
    : [];
  const redirects = redirectStages(way.redirects, [GATE], context);
  const led = [traffic.length > 0 ? LED : 'healthy'];
  const domain = way.domain ? domainStages(way.domain, to, { deployed: [GATE], healthy: led }, context) : [];
  const last = lastCheck(move, led, context);
  const stages: readonly Stage[] = [...data, healthy, ...traffic, ...redirects, ...domain, ...last];
  const covers = stages.flatMap((stage) => (stage.kind === 'step' ? [stage.name] : []));
  const begin = approvalGate(GATE, {
    ...{ title: 'Approval to fail over', policy: 'fail-over', covers, question: move.question },
  });
  const ends = [recoveredAt(move), ...redirects.map(({ name }) => name)];
  return [begin, ...stages, ...(move.how === 'planned' ? [keepOrGoBack(move, ends)] : [])];
}

const GATE = 'fail-over-gate';

/** The check after which people are served again. */
export const recoveredAt = ({ way }: Pick<Move, 'way'>): string => (way.domain ? REACHED : 'recovered');

function dataStages(
  { to, from, group, how, irreversible }: Move,
  { app, azure }: CompileContext,
): readonly Stage[] {
  const restart = (site: Site) => ({ op: 'app.restart', app: site.webApp }) as const;
  const restartApp = (after: readonly string[]): StepStage =>
    step(azure, 'restart-app', {
      ...{ title: `Restart ${to.webApp.app}, so that it opens new connections`, minutes: 1, after },
      does: restart(to),
      // Taking the failover back restarts the apps as well; a restart by itself leaves nothing to take back.
      back: { undo: [] },
    });
  if (how === null) return [restartApp([GATE])];
  const failOver = (site: Site, way: 'planned' | 'forced'): Planned => ({
    ...{ op: 'sql.fail-over-group', server: site.sqlServer, failoverGroup: group, how: way },
  });
  const caughtUp: readonly CheckStage[] =
    how === 'forced'
      ? []
      : [
          check('caught-up', {
            ...{ title: `Check that everything has reached ${to.region}`, minutes: 1, after: [GATE] },
            withinMinutes: 5,
            reads: {
              ...{ check: 'sql.replication-caught-up', server: from.sqlServer, database: app.database },
              partnerServer: to.sqlServer.server,
            },
          }),
        ];
  return [
    ...caughtUp,
    step(azure, 'fail-over', {
      title: `Fail ${group} over to ${to.sqlServer.server}${how === 'forced' ? ' by force' : ''}`,
      ...{ minutes: 2, after: how === 'forced' ? [GATE] : ['caught-up'] },
      does: failOver(to, how),
      touches: [from.sqlServer.server, app.database],
      back:
        how === 'forced'
          ? { irreversible }
          : { undo: [failOver(from, 'planned'), restart(from), restart(to)] },
    }),
    check('leads', {
      ...{ title: `Check that ${to.sqlServer.server} leads ${group}`, minutes: 1, after: ['fail-over'] },
      withinMinutes: 5,
      reads: {
        ...{ check: 'sql.group-led-by', server: to.sqlServer, failoverGroup: group, database: app.database },
      },
    }),
    restartApp(['leads']),
  ];
}

const healthyCheck = (
  { to }: Move,
  after: readonly string[],
  { app }: CompileContext,
  [name, title]: readonly [string, string] = [
    'healthy',
    `Wait until ${to.webApp.app} in ${to.region} is green`,
  ],
): CheckStage =>
  check(name, {
    ...{ title, after, minutes: 2, withinMinutes: app.healthWithinMinutes },
    reads: { check: 'app.healthy', app: to.webApp, url: to.healthUrl },
  });

/** Where no domain shows it, the app's own health endpoint does. */
const lastCheck = (move: Move, after: readonly string[], context: CompileContext): readonly CheckStage[] =>
  move.way.domain
    ? []
    : [
        healthyCheck(move, after, context, [
          'recovered',
          `Check that ${context.app.title} is green in ${move.to.region}`,
        ]),
      ];

const keepOrGoBack = ({ keep }: Move, after: readonly string[]): GateStage =>
  gate('commit', { title: keep.label, policy: 'commit', covers: [], question: keep.question, after }, [
    { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
    { choice: 'go-back', label: 'Go back', leads: 'undo', needsQuorum: true },
  ]);
