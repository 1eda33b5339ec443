import type { Connection } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { Look, OperationFacts, OperationHandler, OperationOf, Sent } from '../operation';
import { fileIn } from '../packages/file-in';
import { observedProblem } from '../problem';
import type { WebAppRef } from '../refs';
import { sameName } from '../resource-id';
import { appWords } from './app-service';
import { PACKAGE, sealOf, stickyNames, type Values, valuesOf } from './settings';

type SetPackage = OperationOf<'web.set-package'>;

/**
 * WebApps_UpdateApplicationSettings. The request replaces *all* settings of an app, and Azure has no etag for them: so
 * they are read, read once more just before the write, written with one value changed, and compared afterwards. Their
 * values stay in here.
 */
export function setPackage(azure: Connection): OperationHandler<SetPackage> {
  const one: AtOnce<SetPackage> = {
    rest: ({ app, to }) =>
      `PUT …/sites/${app.app}/config/appsettings (only ${PACKAGE} → ${fileIn(to)}; every other setting as it is)`,
    target: ({ app }) => app.app,
    words: ({ app, to }) => ({ doing: `Setting the package ${fileIn(to)} for`, resource: appWords(app) }),
    look: (operation) => look(azure, operation),
    // It has every setting in it, as it was then.
    harmfulLate: () => true,
    send: (operation, sent, abortSignal) => send(azure, operation, sent, abortSignal),
  };
  return atOnce(azure, one);
}

async function look(azure: Connection, { app, from, to }: SetPackage): Promise<Look> {
  const [values, sticky] = await Promise.all([valuesOf(azure, app), stickyNames(azure, app)]);
  const problem = refusal(values, { app, from, to });
  if (problem) return { state: 'blocked', problem };
  return values[PACKAGE] === to
    ? { state: 'done', facts: await factsOf(app, values, sticky) }
    : { state: 'absent' };
}

async function send(
  azure: Connection,
  { app, from, to }: SetPackage,
  sent: Sent,
  abortSignal: AbortSignal,
): Promise<OperationFacts> {
  const [first, sticky] = await Promise.all([valuesOf(azure, app), stickyNames(azure, app)]);
  const before = await valuesOf(azure, app);
  const problem = refusal(before, { app, from, to });
  if (problem) throw problem;
  if (differing(first, before).length > 0) {
    throw observedProblem(
      'SettingsChanging',
      `Somebody is changing the settings of ${appWords(app)} right now: they differed between two readings. Nothing was written. Retry in a moment.`,
      true,
    );
  }
  const { web } = azure.clients(app.subscriptionId);
  await web.webApps.updateApplicationSettings(
    app.resourceGroup,
    app.app,
    { properties: { ...before, [PACKAGE]: to } },
    { abortSignal, requestOptions: { headers: { 'x-ms-client-request-id': sent.requestId } } },
  );
  const [after, stickyAfter] = await Promise.all([valuesOf(azure, app), stickyNames(azure, app)]);
  prove(app, { values: before, sticky }, { values: after, sticky: stickyAfter }, to);
  return factsOf(app, after, stickyAfter);
}

/** Why the settings, as they are, must not be written; null when they may. */
function refusal(values: Values, { app, from, to }: Pick<SetPackage, 'app' | 'from' | 'to'>) {
  const now = values[PACKAGE];
  if (Object.keys(values).length === 0)
    return observedProblem(
      'SettingsUnread',
      `Azure gave an empty list of settings for ${appWords(app)}. Writing on that ground would delete every setting, so nothing was written. Look at the app's configuration in the Azure portal, then retry.`,
    );
  if (now === undefined || now === '1')
    return observedProblem(
      'NoRemotePackage',
      `The ${appWords(app)} ${now === undefined ? `has no setting ${PACKAGE}` : 'runs a local archive'}, and Azure cannot lead it to a package at an address from there. Nothing was written. Deploy the version again instead.`,
    );
  if (now !== from && now !== to)
    return observedProblem(
      'PackageChanged',
      `The ${appWords(app)} runs another package than this plan was made for (${fileIn(now)}, not ${fileIn(from)}): somebody has deployed meanwhile. Nothing was written. Ask for a new plan.`,
    );
  return null;
}

interface Seen {
  readonly values: Values;
  readonly sticky: readonly string[];
}

/** Holds what there was before the write against what there is after it. */
function prove(app: WebAppRef, before: Seen, after: Seen, to: string): void {
  const lost = differing(before.values, after.values).filter((name) => name !== PACKAGE);
  const moved = before.sticky.join() !== after.sticky.join();
  if (after.values[PACKAGE] === to && lost.length === 0 && !moved) return;
  const what = [
    ...(after.values[PACKAGE] === to ? [] : [`${PACKAGE} is not what was written`]),
    ...lost.map((name) => `${name} is not as it was`),
    ...(moved ? ['other settings stay with the slot than before'] : []),
  ];
  throw observedProblem(
    'SettingsDiffer',
    `The settings of ${appWords(app)} were written, and then differed: ${what.join('; ')}. Somebody else wrote at the same time. Compare them in the Azure portal, then retry or undo.`,
  );
}

/** The names of the settings that are not the same in both; never their values. */
const differing = (one: Values, other: Values): readonly string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => one[name] !== other[name])
    .sort();

async function factsOf(app: WebAppRef, values: Values, sticky: readonly string[]): Promise<OperationFacts> {
  return {
    package: fileIn(values[PACKAGE] ?? ''),
    otherSettings: Object.keys(values).filter((name) => !sameName(name, PACKAGE)).length,
    others: await sealOf(app, values, sticky),
  };
}
