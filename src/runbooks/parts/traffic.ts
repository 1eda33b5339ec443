import type { TrafficProfileRef } from '../../azure/refs';
import { sameName, webAppId } from '../../azure/resource-id';
import type { TrafficProfile } from '../../azure/traffic/readings';
import type { ProtectedApp } from '../../engine/estate';
import type { CompileContext } from '../../engine/runbook';
import { check, step } from '../../engine/stage-builders';
import type { Json } from '../../incidents/json';
import type { Stage, StepStage } from '../../incidents/plan';
import { isUnread, type Unread } from './or-unread';
import type { Site } from './sites';

/** Traffic Manager in front of both apps, and the endpoints by which it leads to them. */
export interface Traffic {
  readonly ref: TrafficProfileRef;
  readonly profile: TrafficProfile;
  readonly to: string;
  readonly from: string | null;
  /** Whether the endpoint of `to` has to be enabled, and that of `from` disabled. */
  readonly opens: boolean;
  readonly closes: boolean;
}

/** The endpoints of two apps in a profile; null when it has none for the app that is to be led to. */
function trafficOf(
  ref: TrafficProfileRef,
  profile: TrafficProfile,
  { to, from, begun }: { readonly to: Site; readonly from: Site; readonly begun: ReadonlySet<string> },
): Traffic | null {
  const endpointOf = ({ webApp }: Site) =>
    profile.endpoints.find(({ targetResourceId }) => sameName(targetResourceId ?? '', webAppId(webApp)));
  const [there, here] = [endpointOf(to), endpointOf(from)];
  if (!there) return null;
  // With a better priority it is answered with as soon as it is enabled; the other may stay as a way out.
  const wins = here !== undefined && there.priority < here.priority;
  return {
    ...{ ref, profile, to: there.name, from: here?.name ?? null },
    opens: begun.has('open-traffic') || !there.enabled,
    closes: begun.has('close-traffic') || (here?.enabled === true && !wins),
  };
}

/** The estate's Traffic Manager, if it can lead people from one app to the other; null if there is none that can. */
export async function trafficTo(to: Site, from: Site, { app, azure, begun }: CompileContext) {
  if (!app.trafficManager) return null;
  const ref = { subscriptionId: app.subscriptionId, ...app.trafficManager };
  const profile = await azure.traffic.profile(ref);
  return profile && trafficOf(ref, profile, { to, from, begun });
}

/** Every endpoint as it was before this run began to change them. */
export function endpointsAsFound({ profile }: Traffic, { begun, before }: CompileContext): Json {
  const asPlanned = before?.observed['Traffic Manager'];
  if (asPlanned !== undefined && (begun.has('open-traffic') || begun.has('close-traffic'))) return asPlanned;
  return profile.endpoints.map(
    ({ name, enabled, priority }) => `${name} ${enabled ? 'enabled' : 'disabled'}, priority ${priority}`,
  );
}

/** The check that Traffic Manager leads to the other place. */
export const LED = 'traffic';

/** Enables the endpoint that people are led to, disables the one that they are led from, and checks it by DNS. */
export function trafficStages(
  { ref, profile, to, from, opens, closes }: Traffic,
  site: { readonly to: Site; readonly from: Site },
  after: readonly string[],
  { app, azure }: CompileContext,
): readonly Stage[] {
  const set = (endpoint: string, status: 'Enabled' | 'Disabled') =>
    ({ op: 'traffic.set-endpoint', profile: ref, endpoint, status }) as const;
  const open: readonly StepStage[] = opens
    ? [
        step(azure, 'open-traffic', {
          ...{
            title: `Put ${site.to.region} back into Traffic Manager (${profile.name}, ${to})`,
            minutes: 1,
            after,
          },
          ...{ does: set(to, 'Enabled'), back: { undo: [set(to, 'Disabled')] } },
        }),
      ]
    : [];
  const opened = open.length > 0 ? ['open-traffic'] : after;
  const close: readonly StepStage[] =
    closes && from !== null
      ? [
          step(azure, 'close-traffic', {
            ...{
              title: `Take ${site.from.region} out of Traffic Manager (${profile.name}, ${from})`,
              minutes: 1,
              after: opened,
            },
            ...{ does: set(from, 'Disabled'), back: { undo: [set(from, 'Enabled')] } },
          }),
        ]
      : [];
  return [
    ...open,
    ...close,
    check(LED, {
      title: `Check that ${profile.fqdn} leads to ${site.to.region}`,
      ...{ after: close.length > 0 ? ['close-traffic'] : opened, minutes: 1 },
      withinMinutes: app.healthWithinMinutes,
      reads: { check: 'traffic.leads-to', profile: ref, endpoint: to },
    }),
  ];
}

/** What people must know of Traffic Manager: how long it takes, or that nobody is led by it. */
export function trafficNotices(
  traffic: Traffic | Unread | null,
  { to, from }: { readonly to: Site; readonly from: Site },
  { trafficManager }: ProtectedApp,
): readonly string[] {
  if (traffic && !isUnread(traffic))
    return [
      `Traffic Manager answers by DNS: for up to ${traffic.profile.ttlSeconds} s (its TTL) some people are still led to ${from.region}.`,
    ];
  if (!trafficManager) return [];
  const why = traffic
    ? `could not be read (${traffic.unread})`
    : `is not there or has no endpoint for ${to.webApp.app}`;
  return [
    `The Traffic Manager profile ${trafficManager.profile}, which the estate file names, ${why}: nobody is led by it.`,
  ];
}
