import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod/v4';
import type { Estate, ProtectedApp } from '../engine/estate';
import { isLoopbackAddress } from './adapter';
import { newThreadIn } from './addresses';
import { drawNotice } from './cards/draw-notice';
import type { Outbox } from './outbox';
import type { Reply } from './reply';
import type { Tokens } from './tokens';

/** An alert that Azure Monitor delivers (common alert schema), and what came with it. */
export interface AlertDelivered {
  readonly body: unknown;
  /** What proves that it is ours: the query's `secret`, or the bearer of the Authorization header. */
  readonly secret: string | null;
  readonly from: string;
  readonly forwarded: boolean;
}

const short = z.string().max(2_000);
const alert = z.looseObject({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.looseObject({
    essentials: z.looseObject({
      alertId: short,
      alertRule: short,
      severity: short.default(''),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      alertTargetIDs: z.array(short).max(100).default([]),
      firedDateTime: short.optional(),
      resolvedDateTime: short.optional(),
      description: short.nullish(),
    }),
  }),
});
type Essentials = z.infer<typeof alert>['data']['essentials'];

/**
 * Takes alerts in and tells them to the channel of the app that they are about, each once, with triage a button away.
 * Without a secret nothing is taken; one that is guessed wrong is not told apart from none.
 */
export function createAlerts(ports: {
  readonly estate: Estate;
  readonly outbox: Outbox;
  readonly tokens: Tokens;
  /** Null: no alert is taken. */
  readonly secret: string | null;
  /** Whether alerts may come from other machines than this one. */
  readonly anywhere: boolean;
  readonly log: Logger;
}): (delivered: AlertDelivered) => Promise<Reply> {
  const { estate, outbox, tokens, secret, anywhere, log } = ports;
  return async ({ body, secret: given, from, forwarded }) => {
    if (!anywhere && (forwarded || !isLoopbackAddress(from)))
      return refusal(
        403,
        'Alerts are taken from this machine only. Set ALERTS_FROM=anywhere to take them from Azure.',
      );
    if (secret === null)
      return refusal(403, 'This bot takes no alerts: it has no ALERT_SECRET to know them by.');
    if (!isSame(given ?? '', secret)) {
      log.warn({ from }, 'An alert without the right secret was refused.');
      return refusal(401, 'The alert does not carry the right secret.');
    }
    const read = alert.safeParse(body);
    if (!read.success)
      return refusal(
        400,
        'This is no alert of the common alert schema. Turn that schema on in the action group.',
      );
    const { essentials } = read.data.data;
    const app = appOf(estate, essentials.alertTargetIDs);
    if (!app)
      return refusal(
        404,
        'The estate has no protected app with a resource that this alert is about. Nothing was posted.',
      );
    await tell(essentials, app);
    return { status: 202, body: { told: app.name } };
  };

  /** The same alert in the same condition is told once, however often Azure delivers it. */
  async function tell(essentials: Essentials, app: ProtectedApp): Promise<void> {
    const { alertId, alertRule, severity, monitorCondition } = essentials;
    const mark = createHash('sha256').update(`${alertId}/${monitorCondition}`).digest('hex').slice(0, 24);
    const id = `alert:${mark}`;
    const fired = monitorCondition === 'Fired';
    const card = await tokens.draw(id, null, (sign) =>
      drawNotice({
        title: `${fired ? 'Alert' : 'Alert is over'}: ${alertRule}`,
        words: wordsOf(essentials, app),
        tone: fired ? (/^Sev[01]$/i.test(severity) ? 'problem' : 'warning') : 'good',
        ...(fired
          ? {
              choices: [
                { label: 'Find out what is wrong', action: { verb: 'say', words: `triage ${app.name}` } },
              ],
            }
          : {}),
        sign,
      }),
    );
    await outbox.put([{ id, conversation: newThreadIn(app.channel), content: { card } }]);
  }
}

function wordsOf(essentials: Essentials, app: ProtectedApp): string {
  const { severity, monitorCondition, alertTargetIDs, firedDateTime, resolvedDateTime, description } =
    essentials;
  const at = monitorCondition === 'Fired' ? firedDateTime : resolvedDateTime;
  const targets = alertTargetIDs.map((id) => id.split('/').at(-1) ?? id);
  return [
    `${app.title}: ${targets.join(', ')}.`,
    ...(severity === '' ? [] : [`Severity ${severity}.`]),
    ...(at === undefined ? [] : [`${monitorCondition} ${at}.`]),
    ...(description ? [description] : []),
  ].join(' ');
}

/** The app that has one of these resources: by name, or by its resource group. */
function appOf({ apps }: Estate, targets: readonly string[]): ProtectedApp | undefined {
  const parts = new Set(targets.flatMap((id) => id.toLowerCase().split('/')));
  return apps.find((app) =>
    [app.sqlServer.server, app.webApp.app, app.vault.vault, app.storage.account, app.resourceGroup].some(
      (name) => parts.has(name.toLowerCase()),
    ),
  );
}

/** Compared as hashes, so that the time it takes tells nothing. */
const isSame = (given: string, secret: string): boolean => timingSafeEqual(hash(given), hash(secret));
const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });
