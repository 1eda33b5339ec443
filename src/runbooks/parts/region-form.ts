import { toTheSecond } from '../../azure/to-the-second';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { type GroupState, groupState } from './group-state';
import { isUnread, orUnread } from './or-unread';

/** The values of the form, read side by side; nothing in a region that is gone holds it up. */
export async function regionForm(context: Context, known: JsonObject): Promise<FormData> {
  const { app, azure } = context;
  const [primary, there, state] = await Promise.all([
    azure.health(app.healthUrl),
    thereWords(context),
    orUnread(groupState(context)),
  ]);
  const group = isUnread(state) ? null : state;
  return {
    ...{ app: app.name, appTitle: app.title, primaryRegion: app.primaryRegion },
    region: app.secondaryRegion,
    regions: [{ title: app.secondaryRegion, value: app.secondaryRegion }],
    notices: elsewhere(app, String(known['region'] ?? app.secondaryRegion)),
    isGreen: primary.green && group?.leader.region !== app.secondaryRegion,
    lines: [
      { title: `In ${app.primaryRegion}`, value: primary.words },
      { title: `In ${app.secondaryRegion}`, value: there },
      ...(isUnread(state) ? [{ title: 'Failover group', value: `unknown: ${state.unread}` }] : []),
      ...(group ? groupLines(group) : [await backupLine(context)]),
    ],
    says: group
      ? `The data is there already: ${group.group.name} is failed over, and people are led to the app in ${app.secondaryRegion}.`
      : `${isUnread(state) ? 'Unless there is a failover group: the' : 'The'} app is deployed anew from its template, and the newest geo-backup is restored beside that.`,
    hows: group
      ? [
          { title: 'Without loss where both regions answer, else by force', value: 'auto' },
          { title: 'By force, although it may lose what was not copied', value: 'forced' },
        ]
      : [],
    blocked: group || isUnread(state) ? '' : blockedBecause(app),
    reason: String(known['reason'] ?? ''),
  };
}

/** What answers in the second region; before anything is made there, an HTTP 404 would say too little. */
async function thereWords({ app, azure }: Context): Promise<string> {
  const { secondary } = app;
  if (!secondary) return 'nothing: the estate file names no site there';
  const { subscriptionId } = app;
  const [health, group] = await Promise.all([
    azure.health(secondary.healthUrl),
    orUnread(azure.deployments.group({ subscriptionId, resourceGroup: secondary.resourceGroup })),
  ]);
  return !health.green && group === null ? 'nothing yet' : health.words;
}

/** What to say when another region was asked for than the one that is prepared. */
const elsewhere = ({ title, secondaryRegion }: Context['app'], asked: string): readonly string[] =>
  asked.toLowerCase() === secondaryRegion.toLowerCase()
    ? []
    : [`${title} is prepared for ${secondaryRegion}, not for ${asked}.`];

const groupLines = ({ group, leader, bothAnswer, replication }: GroupState) => [
  { title: 'Failover group', value: `${group.name}, led from ${leader.region}` },
  {
    title: 'Replication',
    value: bothAnswer ? (replication ?? 'none') : 'not known: one side does not answer',
  },
];

/** How old the data is that can be had. */
async function backupLine({ app, azure, now }: Context) {
  const title = 'Newest geo-backup';
  const backup = await orUnread(azure.sql.geoBackup(app.sqlServer, app.database));
  if (backup === null) return { title, value: 'Azure has none' };
  if (isUnread(backup)) return { title, value: `unknown: ${backup.unread}` };
  if (backup.at === null) return { title, value: 'of an unknown time' };
  const minutes = Math.max(0, Math.round((now.getTime() - backup.at.getTime()) / 60_000));
  return {
    title,
    value: `${toTheSecond(backup.at)}, ${minutes} minutes ago: what was written since is lost`,
  };
}

/** What the estate file lacks, so that nobody fills in a form for nothing. */
function blockedBecause({ secondary, template, title }: Context['app']): string {
  if (!secondary)
    return `The estate file names no secondary site for ${title}, so the bot cannot bring it up anywhere else. Add apps[].secondary.`;
  return template
    ? ''
    : `The estate file names no template for ${title}. Without one only an app with a failover group can be failed over.`;
}
