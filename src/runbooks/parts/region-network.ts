import type { CompileContext } from '../../engine/runbook';
import { check, fact, step } from '../../engine/stage-builders';
import type { Stage, StepStage } from '../../incidents/plan';
import type { Site } from './sites';
import type { DomainWay, Redirect } from './way-to-app';

/** Adds the redirect URIs of the app's new address, side by side: nobody is led there by them. */
export const redirectStages = (
  redirects: readonly Redirect[],
  after: readonly string[],
  { azure }: CompileContext,
): readonly StepStage[] =>
  redirects.map(({ application, displayName, platform, uri }, index) =>
    step(azure, `add-redirect-uri${index === 0 ? '' : `-${index + 1}`}`, {
      ...{ title: `Let people sign in to ${displayName} at ${uri}`, minutes: 1, after },
      does: { op: 'entra.add-redirect-uri', application, platform, uri },
      back: { undo: [{ op: 'entra.remove-redirect-uri', application, platform, uri }] },
    }),
  );

/** The stages that the parts of a domain's move stand behind. */
export interface DomainAfter {
  /** The app is there, so that it can be given the name. */
  readonly deployed: readonly string[];
  /** The app is green, so that people may be led to it. */
  readonly healthy: readonly string[];
}

/** Name, DNS record, certificate: in the only order that Azure allows. Ends in a check that people reach a green app. */
export function domainStages(
  way: DomainWay,
  to: Site,
  after: DomainAfter,
  context: CompileContext,
): readonly Stage[] {
  const name = way.bound ? [] : nameSteps(way, to, after.deployed, context);
  const named = [...after.healthy, ...name.slice(-1).map((stage) => stage.name)];
  const record = way.to === null ? [] : [pointStep(way, way.to, named, context)];
  const led = record.length > 0 ? ['point-domain'] : named;
  const certificate = way.secured ? [] : certificateStages(way, to, led, context);
  const last = certificate.length > 0 ? ['bind-certificate'] : led;
  return [...name, ...record, ...certificate, reachedCheck(way, to, last, context)];
}

function nameSteps(
  { hostName, zone, record }: DomainWay,
  { webApp }: Site,
  after: readonly string[],
  { azure }: CompileContext,
): readonly StepStage[] {
  return [
    step(azure, 'verify-domain', {
      ...{ title: `Show Azure that ${hostName} may lead to ${webApp.app}`, minutes: 1, after },
      does: { op: 'domain.add-verification', zone, record, app: webApp },
      // The id belongs to the subscription and may have been there before; beside other texts it does no harm.
      back: { undo: [] },
    }),
    step(azure, 'bind-domain', {
      ...{ title: `Give ${webApp.app} the name ${hostName}`, minutes: 1, after: ['verify-domain'] },
      does: { op: 'domain.bind-host-name', app: webApp, hostName },
      back: { undo: [{ op: 'domain.unbind-host-name', app: webApp, hostName }] },
    }),
  ];
}

const pointStep = (
  { hostName, zone, record, from }: DomainWay,
  to: string,
  after: readonly string[],
  { azure }: CompileContext,
): StepStage =>
  step(azure, 'point-domain', {
    ...{ title: `Lead ${hostName} to ${to}`, minutes: 1, after },
    does: { op: 'domain.point-record', zone, record, from, to },
    back: { undo: [{ op: 'domain.point-record', zone, record, from: to, to: from }] },
  });

/** How long App Service is given to see the new record, beyond its TTL, in minutes. */
const RESOLVERS_MINUTES = 10;

function certificateStages(
  { hostName, from, to, ttlSeconds }: DomainWay,
  { webApp }: Site,
  after: readonly string[],
  { azure }: CompileContext,
): readonly Stage[] {
  const ttlMinutes = Math.ceil(ttlSeconds / 60);
  return [
    check('domain-seen', {
      ...{ title: `Wait until Azure sees that ${hostName} leads there`, minutes: ttlMinutes, after },
      withinMinutes: ttlMinutes + RESOLVERS_MINUTES,
      reads: { check: 'domain.leads-to', app: webApp, hostName, target: to ?? from },
    }),
    step(azure, 'certificate', {
      ...{ title: `Have a certificate issued for ${hostName}`, minutes: 2, after: ['domain-seen'] },
      does: { op: 'domain.create-certificate', app: webApp, hostName },
      // A managed certificate costs nothing, and one that is not bound is of no effect.
      back: { undo: [] },
    }),
    step(azure, 'bind-certificate', {
      ...{ title: `Bind the certificate to ${webApp.app}`, minutes: 1, after: ['certificate'] },
      does: {
        ...{ op: 'domain.bind-certificate', app: webApp, hostName },
        thumbprint: fact('certificate.thumbprint'),
      },
      // Taking the name from the app takes the certificate with it.
      back: { undo: [] },
    }),
  ];
}

/** The name of the check that people reach a green app under the domain. */
export const REACHED = 'reached';

const reachedCheck = (
  { hostName, ttlSeconds }: DomainWay,
  { webApp, healthUrl }: Site,
  after: readonly string[],
  { app }: CompileContext,
): Stage =>
  check(REACHED, {
    ...{ title: `Check that people reach a green app at ${hostName}`, minutes: 1, after },
    withinMinutes: app.healthWithinMinutes + Math.ceil(ttlSeconds / 60),
    reads: { check: 'app.healthy', app: webApp, url: `https://${hostName}${new URL(healthUrl).pathname}` },
  });
