import type { Runbook } from '../../engine/runbook';
import { isUnread, orUnread, type Unread } from './or-unread';
import { namesOf } from './region-stages';

/** Which pieces exist in the second region right now, for a person who must decide about a paused run. */
export const regionTruth: Runbook['truth'] = async (plan, { run, facts }, { app, azure }) => {
  const { secondary } = app;
  if (!secondary) return [`The estate file names no secondary region for ${app.title} any more.`];
  const group = { subscriptionId: app.subscriptionId, resourceGroup: secondary.resourceGroup };
  const { recovered } = namesOf(app.database, run);
  const [made, server, site, names, there, here] = await Promise.all([
    orUnread(azure.deployments.group(group)),
    orUnread(azure.sql.server(secondary.sqlServer)),
    orUnread(azure.webApp(secondary.webApp)),
    orUnread(azure.databaseNames(secondary.sqlServer)),
    azure.health(secondary.healthUrl),
    azure.health(app.healthUrl),
  ]);
  const live =
    isUnread(names) || !names.includes(app.database)
      ? null
      : await orUnread(azure.database(secondary.sqlServer, app.database));
  return [
    isUnread(made)
      ? unreadWords(`Whether ${secondary.resourceGroup} exists`, made)
      : made
        ? `${secondary.resourceGroup} exists in ${made.location}.`
        : `${secondary.resourceGroup} does not exist: nothing has been made in ${app.secondaryRegion}.`,
    ...(made ? [serverWords(server, secondary.sqlServer.server), siteWords(site, secondary.webApp.app)] : []),
    ...dataWords({
      ...{ names, live, recovered, database: app.database },
      recoveredId: facts['geo-restore.databaseId'] ?? null,
    }),
    `The app in ${app.secondaryRegion}: ${there.words}`,
    `The app in ${app.primaryRegion}: ${here.words}`,
    ...(plan.loss.from === null
      ? []
      : [`The recovered data is as of ${plan.loss.from.slice(0, 16).replace('T', ' ')} UTC or later.`]),
  ];
};

const unreadWords = (what: string, { unread }: Unread): string =>
  `${what} cannot be read right now: ${unread}`;

const serverWords = (server: object | Unread | null, name: string): string => {
  if (server === null) return `There is no SQL server ${name} yet.`;
  return isUnread(server)
    ? unreadWords(`Whether there is a SQL server ${name}`, server)
    : `The SQL server ${name} exists.`;
};

const siteWords = (site: object | Unread | null, name: string): string => {
  if (site === null) return `There is no app ${name} yet: the template has not got that far.`;
  return isUnread(site) ? unreadWords(`Whether there is an app ${name}`, site) : `The app ${name} exists.`;
};

function dataWords(about: {
  readonly names: readonly string[] | Unread;
  readonly live: { readonly databaseId: string; readonly status: string } | Unread | null;
  readonly recovered: string;
  readonly database: string;
  readonly recoveredId: unknown;
}): readonly string[] {
  const { names, live, recovered, database, recoveredId } = about;
  if (isUnread(names)) return [unreadWords('Which databases there are', names)];
  if (isUnread(live))
    return [
      ...(names.includes(recovered) ? [recoveredWords(recovered)] : []),
      unreadWords(`Which data ${database} there holds`, live),
    ];
  if (live && live.databaseId === recoveredId)
    return [`${database} there is the recovered data (${live.status}).`];
  return [
    names.includes(recovered)
      ? recoveredWords(recovered)
      : 'The data has not come out of the geo-backup yet.',
    ...(live ? [`The ${database} that is there is not the recovered data.`] : []),
  ];
}

const recoveredWords = (recovered: string): string =>
  `The recovered data is in ${recovered}, which the app does not use yet.`;
