import type { DeploymentRequest } from '../../azure/deployments/deployment-request';
import { sqlServerId, vaultId, webAppId } from '../../azure/resource-id';
import type { CompileContext } from '../../engine/runbook';
import { approvalGate, check, fact, gate, step } from '../../engine/stage-builders';
import type { CheckStage, GateStage, Stage, StepStage } from '../../incidents/plan';
import { isUnread } from './or-unread';
import { NONE, type RegionFound, trafficIn } from './region-found';
import { domainStages, REACHED, redirectStages } from './region-network';
import { primarySite } from './sites';
import { LED, trafficStages } from './traffic';

/** What an empty database of Azure SQL takes at most, in bytes: 32 MB, and as much again for a first schema. */
const EMPTY_BYTES = 64 * 1024 * 1024;

/** How long each part takes where this bot has never done it, in minutes. The document gives only the whole: 2 to 4 h. */
const usual = { server: 3, deploy: 15, restore: 100 } as const;

const GATE = 'fail-over-gate';

/** The names that a run makes: the same for the same run, so that it finds its own work. */
export const namesOf = (database: string, run: string) => ({
  recovered: `${database}-recovered-${run}`,
  aside: `${database}-aside-${run}`,
  deployment: `dr-${run}`,
});

/** The check after which people are served again. */
export const recoveredIn = (found: RegionFound): string =>
  found.way.domain ? REACHED : trafficIn(found) ? LED : 'healthy';

/**
 * The whole of Scenario 3: as soon as the SQL server is there, the data and the app come back side by side; then they
 * are joined, the app is proved green, and people are led to it. Sign-in is prepared meanwhile.
 */
export function regionStages(found: RegionFound, context: CompileContext): readonly Stage[] {
  const { way, site } = found;
  const asked = templateNeeds(found).length > 0 ? [] : templateChecks(found, [], context);
  const made = groundStages(found, context);
  const app = appStages(found, context);
  const data = dataStages(found, context);
  const joined = joinStages(found, context);
  const redirects = redirectStages(way.redirects, [GATE], context);
  const healthy = ['healthy', 'references'];
  const byTraffic = trafficIn(found);
  const traffic = byTraffic
    ? trafficStages(byTraffic, { to: site, from: primarySite(context.app) }, healthy, context)
    : [];
  const led = byTraffic ? [LED] : healthy;
  const domain = way.domain
    ? domainStages(way.domain, site, { deployed: ['deploy'], healthy: led }, context)
    : [];
  const behind: readonly Stage[] = [made, app, data, joined, redirects, traffic, domain].flat();
  const covers = behind.flatMap((stage) => (stage.kind === 'step' ? [stage.name] : []));
  const begin = approvalGate(GATE, {
    ...{ title: 'Approval to fail over', policy: 'fail-over', covers },
    after: asked.map(({ name }) => name),
    question: `Bring ${context.app.title} up in ${site.region} on its newest geo-backup?`,
  });
  const ends = [recoveredIn(found), 'references', ...redirects.map(({ name }) => name)];
  return [...asked, begin, ...behind, commitGate(found, ends, context)];
}

/** The request as people approve it: the template by its seal, secure parameters by the names of their secrets. */
function requestOf(
  { from, template, secondary }: RegionFound,
  { app, run }: CompileContext,
): DeploymentRequest {
  const sha256 = template?.sha256 ?? null;
  return {
    group: { subscriptionId: app.subscriptionId, resourceGroup: secondary.resourceGroup },
    name: namesOf(app.database, run).deployment,
    template:
      'uri' in from.from ? { uri: from.from.uri, sha256 } : { file: from.from.file, sha256: sha256 ?? '' },
    parameters: from.parameters,
    secure: from.secureParameters,
  };
}

/** What Azure says to the template, read only. */
function templateChecks(
  found: RegionFound,
  after: readonly string[],
  context: CompileContext,
): readonly CheckStage[] {
  const { secondary } = found;
  const request = requestOf(found, context);
  return [
    check('valid', {
      ...{ title: 'Check that Azure would take the template', minutes: 1, withinMinutes: 5, after },
      reads: { check: 'deployment.valid', ...request },
    }),
    check('what-if', {
      ...{ title: 'Check that it deletes nothing and makes what the estate names', minutes: 1 },
      ...{ withinMinutes: 10, after: ['valid'] },
      reads: {
        ...{ check: 'deployment.what-if', ...request },
        makes: [sqlServerId(secondary.sqlServer), webAppId(secondary.webApp), vaultId(secondary.vault)],
      },
    }),
  ];
}

/**
 * The steps without which Azure cannot say whether it would take the template: it validates into a group, and refuses
 * a vault whose name a deleted one holds. Where nothing is needed, people see the answer before they are asked.
 */
const templateNeeds = ({ standing }: RegionFound): readonly string[] => [
  ...(standing.group === NONE ? ['create-group'] : []),
  ...(standing.deletedVault === NONE ? [] : ['recover-vault']),
];

/** The resource group and the SQL server: what both branches stand on. */
function groundStages(found: RegionFound, context: CompileContext): readonly StepStage[] {
  const { app, azure, run } = context;
  const { secondary, site, standing, from } = found;
  const group = { subscriptionId: app.subscriptionId, resourceGroup: secondary.resourceGroup };
  const makesGroup = standing.group === NONE;
  const ground = [makesGroup ? 'create-group' : GATE];
  return [
    ...(makesGroup
      ? [
          step(azure, 'create-group', {
            title: `Make the resource group ${secondary.resourceGroup} in ${site.region}`,
            ...{ minutes: 1, after: [GATE] },
            does: { op: 'group.create', group, location: site.region, run },
            // Everything that the run makes is in it, and goes with it.
            back: { undo: [{ op: 'group.delete', group, run }] },
          }),
        ]
      : []),
    ...(standing.deletedVault === NONE
      ? []
      : [
          step(azure, 'recover-vault', {
            title: `Recover the deleted vault ${secondary.vault.vault}, whose name the template needs`,
            ...{ minutes: 2, after: ground },
            does: { op: 'vault.recover-vault', vault: secondary.vault, location: site.region },
            // A vault that is there costs nothing, and its name is wanted by every later try as well.
            back: { undo: [] },
          }),
        ]),
    ...(standing.server === NONE
      ? [
          step(azure, 'create-server', {
            title: `Make the SQL server ${secondary.sqlServer.server}`,
            minutes: context.past('failover-region', 'create-server') ?? usual.server,
            after: ground,
            does: {
              ...{ op: 'sql.create-server', server: secondary.sqlServer, location: site.region, run },
              ...{ administrator: from.sqlAdministrator.login, password: from.sqlAdministrator.password },
            },
            // It goes with the group; in a group that was there before it stands by itself and costs nothing.
            back: { undo: [] },
          }),
        ]
      : []),
  ];
}

/** The app, from its template. */
function appStages(found: RegionFound, context: CompileContext): readonly Stage[] {
  const { azure, app, past, requestedAt } = context;
  const { secondary, standing, template } = found;
  const makesGroup = standing.group === NONE;
  const needs = templateNeeds(found);
  const checks = needs.length > 0 ? templateChecks(found, needs, context) : [];
  const after = [
    ...(standing.server === NONE ? ['create-server'] : [GATE]),
    ...checks.slice(-1).map(({ name }) => name),
  ];
  const request = requestOf(found, context);
  const deploy = step(azure, 'deploy', {
    title: `Deploy the template into ${secondary.resourceGroup}`,
    ...{ minutes: past('failover-region', 'deploy') ?? usual.deploy, after },
    does: { op: 'deployment.deploy', ...request, resources: template?.count ?? null },
    touches: [
      ...[secondary.sqlServer.server, app.database, secondary.webApp.app],
      ...[secondary.vault.vault, secondary.storage.account],
    ],
    back: makesGroup
      ? { undo: [] }
      : {
          irreversible: `What the template makes or sets in ${secondary.resourceGroup} is left as it is: Azure does not tell what was there before.`,
        },
  });
  const fresh = check('fresh', {
    title: `Check that nobody has written into the ${app.database} of the template`,
    ...{ minutes: 1, withinMinutes: 5, after: ['deploy'] },
    reads: {
      ...{ check: 'sql.fresh-database', server: secondary.sqlServer, database: app.database },
      ...{ madeAfter: requestedAt.toISOString(), atMostBytes: EMPTY_BYTES },
    },
  });
  return [...checks, deploy, ...(standing.database === NONE && makesDatabase(found) ? [fresh] : [])];
}

/** Whether the template brings a database under production's name. Where it could not be read, the app's own does. */
const makesDatabase = ({ template }: RegionFound): boolean =>
  template?.types.some((type) => type.toLowerCase() === 'microsoft.sql/servers/databases') ?? true;

/** The data, from the newest geo-backup. */
function dataStages(
  { secondary, site, standing, backup }: RegionFound,
  context: CompileContext,
): readonly Stage[] {
  const { app, azure, run, past } = context;
  const { recovered } = namesOf(app.database, run);
  const tier = backup && !isUnread(backup) ? backup.tier : null;
  return [
    step(azure, 'geo-restore', {
      title: `Restore the newest geo-backup of ${app.database} into ${recovered}`,
      minutes: past('failover-region', 'geo-restore') ?? usual.restore,
      after: [standing.server === NONE ? 'create-server' : GATE],
      does: {
        ...{ op: 'sql.geo-restore', server: secondary.sqlServer, target: recovered, tier },
        ...{ from: app.sqlServer, source: app.database, location: site.region },
      },
      // A copy beside everything else: it goes with the group, or is kept for whoever wants to look at it.
      back: { undo: [] },
    }),
    check('recovered', {
      ...{ title: 'Check the recovered database', minutes: 1, withinMinutes: 5, after: ['geo-restore'] },
      reads: { check: 'sql.recovered-copy', server: secondary.sqlServer, database: recovered, tier },
    }),
  ];
}

/** Data and app are joined: the recovered database takes the name that the app connects to. */
function joinStages(found: RegionFound, context: CompileContext): readonly Stage[] {
  const { app, azure, run } = context;
  const { secondary, site, standing } = found;
  const { recovered, aside } = namesOf(app.database, run);
  const server = secondary.sqlServer;
  const goesWithGroup = standing.group === NONE;
  const there = standing.database === NONE ? fact('fresh.databaseId') : standing.database;
  const recoveredId = fact('geo-restore.databaseId');
  const restart = { op: 'app.restart', app: secondary.webApp } as const;
  const sets = standing.database !== NONE || makesDatabase(found);
  const ready = ['recovered', standing.database === NONE && makesDatabase(found) ? 'fresh' : 'deploy'];
  return [
    ...(sets
      ? [
          step(azure, 'set-aside', {
            title: `Rename the ${app.database} that is there to ${aside}`,
            ...{ minutes: 1, after: ready },
            does: { op: 'sql.rename', server, from: app.database, to: aside, databaseId: there },
            back: {
              undo: goesWithGroup
                ? []
                : [{ op: 'sql.rename', server, from: aside, to: app.database, databaseId: there }, restart],
            },
          }),
        ]
      : []),
    step(azure, 'swap-in', {
      title: `Rename ${recovered} to ${app.database}`,
      ...{ minutes: 1, after: sets ? ['set-aside'] : ready },
      does: { op: 'sql.rename', server, from: recovered, to: app.database, databaseId: recoveredId },
      back: {
        undo: goesWithGroup
          ? []
          : [{ op: 'sql.rename', server, from: app.database, to: recovered, databaseId: recoveredId }],
      },
    }),
    step(azure, 'restart', {
      title: `Restart ${secondary.webApp.app}, so that it connects to the recovered data`,
      ...{ minutes: 1, after: ['swap-in'] },
      does: restart,
      // A restart by itself leaves nothing to take back.
      back: { undo: [] },
    }),
    check('references', {
      ...{ title: 'Check that the app has its secrets', minutes: 1, withinMinutes: 10, after: ['restart'] },
      reads: { check: 'web.references-resolved', app: secondary.webApp, settings: [] },
    }),
    check('healthy', {
      title: `Wait until ${app.title} is green in ${site.region}`,
      ...{ minutes: 2, withinMinutes: app.healthWithinMinutes, after: ['restart'] },
      reads: { check: 'app.healthy', app: secondary.webApp, url: secondary.healthUrl },
    }),
  ];
}

const commitGate = (
  { site, standing, secondary }: RegionFound,
  after: readonly string[],
  { app }: CompileContext,
): GateStage =>
  gate(
    'commit',
    {
      ...{ title: 'Stay or take it back', policy: 'commit', covers: [], after },
      question: `${app.title} serves people from ${site.region}. Stay there, or take it back${standing.group === NONE ? ` and delete ${secondary.resourceGroup} with everything written there` : ''}?`,
    },
    [
      { choice: 'stay', label: 'Stay', leads: 'go-on', needsQuorum: false },
      { choice: 'take-back', label: 'Take it back', leads: 'undo', needsQuorum: true },
    ],
  );
