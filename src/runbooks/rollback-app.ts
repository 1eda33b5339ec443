import { z } from 'zod/v4';
import type { Package, PackagesFound } from '../azure/packages/packages';
import { webAppId } from '../azure/resource-id';
import type { WebSettings } from '../azure/web/settings';
import type { CompileContext, Compiled, Runbook } from '../engine/runbook';
import type { Plan } from '../incidents/plan';
import { isMeant, nearestVersions, packageMeant, versionAt, whyNotSettable } from './parts/app-package';
import { refuse } from './parts/refuse';
import { rollbackForm } from './parts/rollback-form';
import { packageAndDatabaseStages, packageStages, type Rollback } from './parts/rollback-stages';
import { rollbackTruth } from './parts/rollback-truth';
import { rollbackAfterwards, rollbackDuration, rollbackLoss, rollbackNotices } from './parts/rollback-words';
import { justBefore, schemaFits } from './parts/schema';
import { findForRestore, observedOf } from './parts/swap-database';

const parameters = z.object({
  app: z.string(),
  /** `1.33.0`, or with its channel: `latest/1.33.0`. */
  version: z.string().min(1).max(100),
  /** `keep`: the database stays. A moment, UTC: the database goes back to it in the same run. */
  data: z.union([z.literal('keep'), z.iso.datetime()]).default('keep'),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** Scenario 5: an earlier package by read-merge-write of one setting, and the database with it where its schema moved on. */
export const runbook: Runbook<Parameters> = {
  name: 'rollback-app',
  title: 'Roll back the app',
  source: 'Scenario 5: Application corruption / bad deployment',
  summary: 'Takes the app back to an earlier version, and its database with it when that is needed.',
  estimateMinutes: [5, 15],
  command: {
    name: 'rollback app',
    words: [
      ...['rollback app', 'roll back app', 'rollback the app', 'roll back the app', 'roll the app back'],
      ...['rollback version', 'roll back version', 'bad deployment', 'bad release'],
    ],
    summary: 'Take the app back to an earlier version',
    examples: ['rollback app', 'rollback app to 1.33.0'],
    takes: (words) => {
      const version = /(?:^|[\s/v])(\d+(?:\.\d+)+(?:[-+][\w.-]+)?)\b/i.exec(words)?.[1];
      return version === undefined ? {} : { version };
    },
  },
  subject: ({ version, data }) =>
    `to ${String(version)}${data === undefined || data === 'keep' ? '' : `, with the database of ${String(data)}`}`,
  parameters,
  form: rollbackForm,
  compile: compileRollback,
  truth: rollbackTruth,
};

async function compileRollback(wanted: Parameters, context: CompileContext): Promise<Compiled> {
  const { app, azure } = context;
  const bare = wanted.version.split('/').at(-1) ?? wanted.version;
  // Before anything else: such a lock forbids to list the settings as well, for Azure a POST.
  const lock = (await azure.locks(webAppId(app.webApp))).find(({ level }) => level === 'ReadOnly');
  if (lock)
    return refuse(
      'ScopeLocked',
      `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids every change to ${app.webApp.app}. Its owner must remove it first.`,
    );
  const [settings, report, found] = await Promise.all([
    azure.web.settings(app.webApp),
    azure.web.report(app.healthUrl),
    azure.packages.versions(app.packages, [bare]),
  ]);
  const why = whyNotSettable(app, settings);
  if (why || !settings?.package) return refuse(why?.code ?? 'NoPackageSetting', why?.words ?? '');
  const target = packageMeant(found.packages, wanted.version);
  if (!target) return notThere(wanted.version, found);
  const from = fromPackage(settings, target, context);
  if (from === target.url)
    return refuse(
      'SameVersion',
      `${app.title} is set to run ${target.version} already. Restart it, or choose an earlier version.`,
    );
  if (wanted.data === 'keep' && schemaFits(target, report.schema) === 'no')
    return needsDatabase(target, report.schema, context);
  return withDatabase(wanted, { settings, target, from, schema: report.schema }, context);
}

interface Read {
  readonly settings: WebSettings;
  readonly target: Package;
  readonly from: string;
  readonly schema: number | null;
}

/** What this run set itself is not what it started from. */
function fromPackage({ package: now }: WebSettings, { url }: Package, { before }: CompileContext): string {
  const begun = before?.stages.find((stage) => stage.kind === 'step' && stage.name === 'set-package');
  return now === url && begun?.kind === 'step' ? String(begun.does['from']) : (now ?? '');
}

/** @throws AzureProblem when the host did not say whether it has the version */
function notThere(version: string, { packages, unread, unconfirmed }: PackagesFound): Compiled {
  const open = unconfirmed.find((one) => isMeant(one, version));
  if (open) throw open.problem;
  const nearest = nearestVersions(packages, version.split('/').at(-1) ?? version);
  const there = nearest.length > 0 ? ` Nearest are ${nearest.join(', ')}.` : '';
  return refuse(
    'VersionNotOnHost',
    `The package host has no version ${version}.${there} ${unread.join(' ')}`.trim(),
  );
}

async function needsDatabase(
  target: Package,
  schema: number | null,
  { app, azure, now }: CompileContext,
): Promise<Compiled> {
  const since = new Date(now.getTime() - 7 * 86_400_000);
  const [last] = await azure.web.settingsChanges(app.webApp, since);
  const data = last ? justBefore(last) : null;
  const refused = refuse(
    'SchemaMoved',
    `The database has schema ${schema}, and ${target.version} works on ${target.schema} and no later one: with its package alone it would not turn green. Ask again with the database${data ? ` of ${data}, just before the last deployment` : ' of before the deployment'}, or choose a version for schema ${schema}.`,
  );
  return data
    ? {
        ...refused,
        choices: [
          {
            words: `The app and its database, back to ${data}`,
            parameters: { version: target.version, data },
          },
        ],
      }
    : refused;
}

async function withDatabase(wanted: Parameters, read: Read, context: CompileContext): Promise<Compiled> {
  const { app } = context;
  if (wanted.data === 'keep') return { plan: planFor(wanted, read, null, context) };
  const restore = { database: app.database, at: wanted.data, how: 'swap' } as const;
  const looked = await findForRestore(restore, context);
  return 'found' in looked
    ? { plan: planFor(wanted, read, { wanted: restore, found: looked.found }, context) }
    : looked;
}

function planFor(
  wanted: Parameters,
  { settings, target, from, schema }: Read,
  database: Rollback['database'],
  context: CompileContext,
): Plan {
  const { app } = context;
  const rollback: Rollback = {
    ...{ from, to: target.url, fromVersion: versionAt(app, from), toVersion: target.version },
    ...{ others: settings.others, count: settings.names.length - 1, database },
  };
  return {
    ...{ runbook: 'rollback-app', app: app.name, parameters: wanted, objectives: app.objectives },
    title: `Roll ${app.title} back from ${rollback.fromVersion} to ${target.version}${database ? ', with its database' : ''}`,
    notices: rollbackNotices(rollback, target, schema),
    afterwards: rollbackAfterwards(rollback),
    loss: rollbackLoss(rollback, context.requestedAt),
    duration: rollbackDuration(rollback, context),
    observed: {
      'package that runs': from,
      'package to be set': target.url,
      'its size and date': `${target.bytes ?? 'unknown'} bytes, ${target.published?.toISOString() ?? 'no date'}`,
      'seal over the other settings': settings.others,
      ...(database && observedOf(database.found)),
    },
    stages: database
      ? packageAndDatabaseStages(rollback, database, context)
      : packageStages(rollback, context),
    recoveredAfter: 'healthy',
  };
}
