import { z } from 'zod/v4';
import type { Runbook } from '../engine/runbook';
import { groupState } from './parts/group-state';
import { moveTruth } from './parts/move-truth';
import { isUnread, orUnread } from './parts/or-unread';
import { refuse } from './parts/refuse';
import { reprotectPlan } from './parts/reprotect-plan';
import { primarySite, secondarySite } from './parts/sites';

const parameters = z.object({
  app: z.string(),
  /** The place whose database is the one in use: the other place gets a copy of it. */
  from: z.enum(['primary', 'secondary']),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** After Scenario 3: the database is replicated to the other region again, so that it can be failed over once more. */
export const runbook: Runbook<Parameters> = {
  name: 'reprotect-region',
  title: 'Replicate again',
  source: 'Scenario 3: Region failure (afterwards); High Availability Setup: Azure SQL geo-replication',
  summary:
    'Replicates the database to the other region again, in a failover group that only people fail over.',
  estimateMinutes: [15, 60],
  command: {
    name: 'reprotect',
    words: ['reprotect', 're-protect', 'reprotect region', 'replicate again', 'protect again'],
    summary: 'Replicate the database to the other region again',
    examples: ['reprotect'],
    takes: () => ({}),
  },
  subject: ({ from }) => `from the ${String(from)} region`,
  parameters,

  async form(context, known) {
    const { app, azure } = context;
    const second = secondarySite(app);
    const sites = [primarySite(app), ...(second ? [second] : [])];
    const [read, ...places] = await Promise.all([
      orUnread(groupState(context)),
      ...sites.map(async ({ region, healthUrl, webApp }, index) => ({
        ...{ region, health: (await azure.health(healthUrl)).words },
        value: index === 0 ? 'primary' : 'secondary',
        title: `${region}: ${webApp.app}`,
      })),
    ]);
    const green = await Promise.all(
      sites.map(async ({ healthUrl }) => (await azure.health(healthUrl)).green),
    );
    const state = isUnread(read) ? null : read;
    const asked = ['primary', 'secondary'].find((one) => one === known['from']);
    const guess = state ? (state.leader.region === app.primaryRegion ? 'primary' : 'secondary') : null;
    return {
      ...{ app: app.name, appTitle: app.title, places, reason: String(known['reason'] ?? '') },
      from: asked ?? guess ?? (green[1] && !green[0] ? 'secondary' : 'primary'),
      blocked: second ? '' : `The estate file names no second place for ${app.title}.`,
      leads: isUnread(read)
        ? `not known: ${read.unread}`
        : read
          ? `${read.leader.region} (failover group ${read.group.name})`
          : 'no failover group',
    };
  },

  async compile(wanted, context) {
    const { app } = context;
    const second = secondarySite(app);
    if (!second)
      return refuse(
        'NoSecondPlace',
        `The estate file names no second place for ${app.title} (apps[].secondary), so there is nowhere to replicate to.`,
      );
    const first = primarySite(app);
    const [from, to] = wanted.from === 'primary' ? [first, second] : [second, first];
    return reprotectPlan(wanted, from, to, context);
  },

  truth: moveTruth,
};
