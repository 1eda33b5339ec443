import { AzureProblem } from '../../azure/operation';
import type { Package, PackagesFound } from '../../azure/packages/packages';
import { toTheSecond } from '../../azure/to-the-second';
import type { SettingsChange } from '../../azure/web/settings-changes';
import type { Context, FormData } from '../../engine/runbook';
import type { JsonObject } from '../../incidents/json';
import { isMeant, nameOf, packageMeant, previousPackage, versionAt, whyNotSettable } from './app-package';
import { justBefore, schemaFits } from './schema';

const KEEP = 'keep';
const DAY = 86_400_000;

/** The values of the rollback's form, read side by side. */
export async function rollbackForm({ app, azure, now }: Context, known: JsonObject): Promise<FormData> {
  const asked = String(known['version'] ?? '');
  const [settings, report, database] = await Promise.all([
    azure.web.settings(app.webApp).catch(inWords),
    azure.web.report(app.healthUrl),
    azure.database(app.sqlServer, app.database).catch(() => null),
  ]);
  const head = {
    app: app.name,
    appTitle: app.title,
    site: app.webApp.app,
    reason: String(known['reason'] ?? ''),
  };
  const blocked = typeof settings === 'string' ? settings : (whyNotSettable(app, settings)?.words ?? '');
  if (blocked !== '' || typeof settings === 'string' || settings === null)
    return { ...head, ...empty, blocked, health: report.words };
  const running = versionAt(app, settings.package ?? '');
  const earliest = database?.earliestRestore ?? new Date(now.getTime() - 7 * DAY);
  const [{ packages, unread, unconfirmed }, changes] = await Promise.all([
    azure.packages.versions(app.packages, [running, bare(asked)]),
    azure.web.settingsChanges(app.webApp, earliest).catch(() => null),
  ]);
  const others = packages.filter((one) => one.url !== settings.package);
  const chosen = packageMeant(others, asked) ?? (asked === '' ? previousPackage(others, running) : undefined);
  const moments = (changes ?? []).slice(0, 4).map((change) => momentChoice(change, now));
  const schemas = {
    mine: packages.find(({ url }) => url === settings.package)?.schema ?? null,
    database: report.schema,
  };
  const fits = chosen ? schemaFits(chosen, report.schema) : 'unknown';
  return {
    ...head,
    blocked: others.length === 0 ? `No other version of ${app.title} was found on the package host.` : '',
    running:
      report.version === null || report.version === running
        ? running
        : `${running} (${report.version} answers)`,
    health: report.words,
    versions: others.map((one) => ({ title: titleOf(one, report.schema), value: nameOf(one) })),
    version: chosen ? nameOf(chosen) : '',
    missing: asked !== '' && !chosen ? missingWords(asked, unconfirmed) : '',
    data: fits === 'no' ? (moments[0]?.value ?? KEEP) : KEEP,
    datas: [{ title: 'Only the app: the database stays as it is', value: KEEP }, ...moments],
    schemaWords: schemaWords(schemas),
    unread: [
      ...unread,
      ...(changes ? [] : ['The activity log could not be read: when the version was deployed is not known.']),
    ],
  };
}

const empty = {
  ...{ running: 'unknown', versions: [], version: '', missing: '', data: KEEP, datas: [], schemaWords: '' },
  unread: [],
};

const missingWords = (asked: string, unconfirmed: PackagesFound['unconfirmed']): string =>
  unconfirmed.some((one) => isMeant(one, asked))
    ? `Whether the package host has version ${bare(asked)} is not known: it did not answer.`
    : `The package host has no version ${bare(asked)}.`;

const bare = (version: string): string => version.split('/').at(-1) ?? version;

/** `1.34.0 · with its database · latest · 2026-04-20 · schema 42`: what is cut off on a phone stands last. */
function titleOf(one: Package, databaseSchema: number | null): string {
  return [
    one.version,
    ...(schemaFits(one, databaseSchema) === 'no' ? ['with its database'] : []),
    one.channel,
    ...(one.published ? [one.published.toISOString().slice(0, 10)] : []),
    ...(one.schema === null ? [] : [`schema ${one.schema}`]),
  ].join(' · ');
}

function momentChoice(change: SettingsChange, now: Date) {
  const minutes = Math.max(0, Math.round((now.getTime() - change.at.getTime()) / 60_000));
  const ago =
    minutes < 120
      ? `${minutes} minutes`
      : minutes < 2_880
        ? `${Math.round(minutes / 60)} hours`
        : `${Math.round(minutes / 1_440)} days`;
  return {
    title: `The app and its database, as it was just before ${change.by} changed the settings at ${toTheSecond(change.at)} (${ago} ago)`,
    value: justBefore(change),
  };
}

function schemaWords({
  mine,
  database,
}: {
  readonly mine: number | null;
  readonly database: number | null;
}): string {
  if (database === null)
    return 'The app does not say which schema its database has. If the version that runs has moved it, an earlier version needs the database of before.';
  const running = mine === null ? '' : ` (the version that runs works on ${mine})`;
  return `The database has schema ${database}${running}. A version for an earlier schema needs the database of before.`;
}

/** What Azure refused, as words for the form. @throws what is no refusal of Azure's. */
function inWords(error: unknown): string {
  if (error instanceof AzureProblem) return error.message;
  throw error;
}
