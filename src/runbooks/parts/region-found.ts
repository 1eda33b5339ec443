import type { Lock } from '../../azure/azure';
import type { Template } from '../../azure/deployments/template';
import { sqlServerId, webAppId } from '../../azure/resource-id';
import type { SqlServer } from '../../azure/sql/servers';
import type { DeploymentTemplate, SecondarySite } from '../../engine/estate';
import type { CompileContext } from '../../engine/runbook';
import type { Observation } from '../../incidents/plan';
import { isUnread, orUnread, type Unread } from './or-unread';
import { primarySite, type Site, secondarySite } from './sites';
import { endpointsAsFound, type Traffic, trafficTo } from './traffic';
import { type Way, wayTo } from './way-to-app';

/** What a second region is rebuilt from, and what stands there already. */
export interface RegionFound {
  readonly site: Site;
  readonly secondary: SecondarySite;
  readonly from: DeploymentTemplate;
  /** Null: the bot could not read the template; Azure may. */
  readonly template: Template | null;
  /** Why the template could not be read; empty where it was. */
  readonly templateUnread: string;
  /** The app in the primary region, in words, and whether it is green there. */
  readonly primary: { readonly green: boolean; readonly words: string };
  readonly there: { readonly green: boolean };
  readonly backup: NewestBackup;
  readonly standing: Standing;
  readonly server: SqlServer | null;
  readonly locks: readonly Lock[];
  /** Traffic Manager, where it can lead people there; null where there is none that can. */
  readonly traffic: Traffic | Unread | null;
  readonly way: Way;
}

/** The newest geo-backup: `null` where Azure has none, `unread` where it does not say. */
export type NewestBackup =
  | { readonly at: Date | null; readonly tier: string | null }
  | { readonly unread: string }
  | null;

/** What stood in the second region before this run changed anything there. */
interface Standing {
  readonly group: string;
  readonly server: string;
  /** The GUID of a database under production's name, or `none`. */
  readonly database: string;
  /** Whether the vault's name is held by a deleted vault: `yes` or `none`. */
  readonly deletedVault: string;
}

/** `none` in {@link Standing}. */
export const NONE = 'none';

/** Reads everything side by side. Nothing that lies in the primary region is waited for longer than it is worth. */
export async function regionFound(
  secondary: SecondarySite,
  from: DeploymentTemplate,
  context: CompileContext,
): Promise<RegionFound> {
  const { app, azure } = context;
  const site = secondarySite(app);
  if (!site) throw new Error(`${app.name} has no secondary site.`);
  const primaryPlace = primarySite(app);
  const led = async () => {
    const traffic = await orUnread(trafficTo(site, primaryPlace, context));
    const byTraffic = trafficIn({ traffic }) !== null;
    return { traffic, way: await wayTo({ to: site, from: primaryPlace, byTraffic }, context) };
  };
  const sqlServer = azure.sql.server(secondary.sqlServer);
  const [read, primary, there, backup, standing, server, locks, leads] = await Promise.all([
    azure.deployments.template(from.from),
    azure.health(app.healthUrl),
    azure.health(secondary.healthUrl),
    orUnread(azure.sql.geoBackup(app.sqlServer, app.database)),
    standingIn(secondary, sqlServer, context),
    sqlServer,
    locksThere(secondary, context),
    led(),
  ]);
  const template = isUnread(read) ? null : read;
  const templateUnread = isUnread(read) ? read.unread : '';
  return {
    ...{ site, secondary, from, template, templateUnread },
    ...{ primary, there, backup, standing, server, locks, ...leads },
  };
}

/** The locks on what this run would change there, each once: most lie on a group or subscription that both are in. */
async function locksThere(secondary: SecondarySite, { azure }: CompileContext): Promise<readonly Lock[]> {
  const ids = [sqlServerId(secondary.sqlServer), webAppId(secondary.webApp)];
  const found = (await Promise.all(ids.map((id) => azure.locks(id)))).flat();
  return [...new Map(found.map((lock) => [`${lock.scope} ${lock.name}`, lock])).values()];
}

/** The steps that may change what {@link Standing} tells: from then on it is told as the plan before told it. */
const CHANGED_BY: { readonly [Piece in keyof Standing]: readonly string[] } = {
  group: ['create-group'],
  server: ['create-server', 'deploy'],
  database: ['deploy', 'set-aside', 'swap-in'],
  deletedVault: ['recover-vault', 'deploy'],
};

/** What stood there before this run: as it is now, but for what the run may have changed already. */
async function standingIn(
  secondary: SecondarySite,
  server: Promise<SqlServer | null>,
  context: CompileContext,
): Promise<Standing> {
  const { begun, before } = context;
  const asPlanned = before && standingOf(before.observed);
  const now = readersOf(secondary, server, context);
  const told = async (piece: keyof Standing): Promise<string> => {
    const isOwn = CHANGED_BY[piece].some((stage) => begun.has(stage));
    const found = isOwn && asPlanned ? null : await now[piece]();
    return found ?? asPlanned?.[piece] ?? NONE;
  };
  const [ofGroup, ofServer, ofDatabase, ofVault] = await Promise.all([
    told('group'),
    told('server'),
    told('database'),
    told('deletedVault'),
  ]);
  return { group: ofGroup, server: ofServer, database: ofDatabase, deletedVault: ofVault };
}

/** How each piece is read; null where Azure does not say. */
const readersOf = (
  secondary: SecondarySite,
  sqlServer: Promise<SqlServer | null>,
  { app, azure }: CompileContext,
): { readonly [Piece in keyof Standing]: () => Promise<string | null> } => ({
  group: async () => {
    const ref = { subscriptionId: app.subscriptionId, resourceGroup: secondary.resourceGroup };
    const group = await azure.deployments.group(ref);
    return group ? `${group.location}${group.state === 'Deleting' ? ' (being deleted)' : ''}` : NONE;
  },
  server: async () => (await sqlServer)?.location ?? NONE,
  database: async () => {
    const database = (await sqlServer) && (await azure.database(secondary.sqlServer, app.database));
    return database?.databaseId ?? NONE;
  },
  deletedVault: async () => {
    const vault = await orUnread(azure.vault.deletedVault(secondary.vault));
    if (isUnread(vault)) return null;
    return vault ? 'yes' : NONE;
  },
});

/** Traffic Manager, where it could be read and can lead people there. */
export const trafficIn = ({ traffic }: Pick<RegionFound, 'traffic'>): Traffic | null =>
  isUnread(traffic) ? null : traffic;

/** What people's approval depends on. */
export function observedIn(found: RegionFound, context: CompileContext): Observation {
  const { standing, primary, way, locks, template } = found;
  const traffic = trafficIn(found);
  return {
    // Where it cannot be read now, it counts as it was: Azure compares nothing, and the step that deploys it does.
    template: template?.sha256 ?? context.before?.observed['template'] ?? 'unread',
    'green in the primary region': primary.green,
    'resource group there': standing.group,
    'SQL server there': standing.server,
    'database there': standing.database,
    'deleted vault': standing.deletedVault,
    'locks there': locks.map(({ name, level }) => `${name} (${level})`).sort(),
    ...(traffic ? { 'Traffic Manager': endpointsAsFound(traffic, context) } : {}),
    ...way.observed,
  };
}

const standingOf = (observed: Observation): Standing => ({
  group: String(observed['resource group there']),
  server: String(observed['SQL server there']),
  database: String(observed['database there']),
  deletedVault: String(observed['deleted vault']),
});
