import type { Context, Runbook } from '../../engine/runbook';
import { groupState } from './group-state';
import { inWords } from './in-words';
import { primarySite, secondarySite } from './sites';

/** Who leads, where people are led, and how the app is at either place, for a person who must decide how to go on. */
export const moveTruth: Runbook['truth'] = async (_plan, _state, context) => {
  const { app, azure } = context;
  const sites = [primarySite(app), secondarySite(app)].filter((site) => site !== null);
  const [led, traffic, domain, ...health] = await Promise.all([
    inWords('Which server leads', ledWords(context)),
    inWords('Where Traffic Manager leads', trafficWords(context)),
    inWords('Where the domain leads', domainWords(context)),
    ...sites.map(async ({ region, healthUrl }) => `In ${region}: ${(await azure.health(healthUrl)).words}.`),
  ]);
  return [...led, ...traffic, ...domain, ...health];
};

async function ledWords(context: Context): Promise<readonly string[]> {
  const { app } = context;
  const state = await groupState(context);
  if (!state) return [`${app.database} is in no failover group.`];
  const { group, leader, follower, bothAnswer, replication } = state;
  const link = replication === null ? 'there is no replication' : `the replication says ${replication}`;
  return [
    `${group.name} is led from ${leader.region} (${leader.sqlServer.server}), and ${link}.`,
    ...(bothAnswer ? [] : [`One of ${leader.region} and ${follower.region} does not answer.`]),
  ];
}

async function trafficWords({ app, azure }: Context): Promise<readonly string[]> {
  if (!app.trafficManager) return [];
  const profile = await azure.traffic.profile({ subscriptionId: app.subscriptionId, ...app.trafficManager });
  if (!profile) return [`There is no Traffic Manager profile ${app.trafficManager.profile}.`];
  const endpoints = profile.endpoints.map(({ name, monitor }) => `${name} ${monitor}`).join(', ');
  return [`Traffic Manager (${profile.fqdn}): ${endpoints}.`];
}

async function domainWords({ app, azure }: Context): Promise<readonly string[]> {
  if (!app.domain) return [];
  const { hostName, zone, zoneResourceGroup } = app.domain;
  const ref = { subscriptionId: app.subscriptionId, resourceGroup: zoneResourceGroup, zone };
  const record = await azure.domain.record(ref, hostName.slice(0, -zone.length - 1));
  return [record ? `${hostName} leads to ${record.target}.` : `${hostName} has no CNAME.`];
}
