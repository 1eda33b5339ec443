import { z } from 'zod/v4';
import type { CompileContext, Compiled, Runbook } from '../engine/runbook';
import { failoverGroupPlan } from './parts/failover-group-plan';
import { groupState } from './parts/group-state';
import { moveTruth } from './parts/move-truth';
import { refuse } from './parts/refuse';
import { regionForm } from './parts/region-form';
import { observedIn, regionFound } from './parts/region-found';
import { regionRefusal } from './parts/region-refusal';
import { recoveredIn, regionStages } from './parts/region-stages';
import { regionTruth } from './parts/region-truth';
import { regionAfterwards, regionDuration, regionLoss, regionNotices } from './parts/region-words';

const parameters = z.object({
  app: z.string(),
  /** The region to bring the app up in: the estate's secondary one. */
  region: z.string().min(1).max(50),
  /** For an app with a failover group. `forced`: at once, even where both sides answer. */
  how: z.enum(['auto', 'forced']).default('auto'),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** Scenario 3: the primary region is lost, and the app is brought up in its secondary region. */
export const runbook: Runbook<Parameters> = {
  name: 'failover-region',
  title: 'Fail over to the secondary region',
  source: 'Scenario 3: Region failure',
  summary: 'Brings the app up in its secondary region, with the newest data that is there.',
  estimateMinutes: [120, 240],
  command: {
    name: 'failover region',
    words: [
      ...['failover region', 'fail over region', 'fail over the region', 'failover to', 'fail over to'],
      ...['region failover', 'region down', 'region failure', 'region is down'],
    ],
    summary: 'Bring the app up in its secondary region',
    examples: ['failover region to westus2'],
    takes: (words) => {
      const region = /(?:^|\bto\s+)([a-z]+[a-z0-9]*\d?)\s*$/i.exec(words.trim())?.[1];
      return region === undefined ? {} : { region: region.toLowerCase() };
    },
  },
  subject: ({ region }) => `to ${String(region)}`,
  parameters,
  form: regionForm,
  compile: compileFailover,
  truth: (plan, state, context) =>
    // The two plans change different things, so different things may be true.
    plan.observed['failover group'] === undefined
      ? regionTruth(plan, state, context)
      : moveTruth(plan, state, context),
};

/** The short plan where a failover group has the data in both regions already (Tier 3), else the long one. */
async function compileFailover(wanted: Parameters, context: CompileContext): Promise<Compiled> {
  const group = await groupState(context, 2);
  const before = context.before?.observed['failover group'];
  if (!group && before !== undefined)
    return refuse(
      'NoFailoverGroup',
      `The plan was to fail ${String(before)} over, and Azure shows ${context.app.database} in no failover group any more. Ask again for a plan without one: @dr failover region to ${wanted.region}.`,
    );
  return group
    ? failoverGroupPlan(
        {
          ...{ runbook: 'failover-region', parameters: wanted },
          ...{ to: wanted.region, force: wanted.how === 'forced' },
        },
        group,
        context,
      )
    : compileRebuild(wanted, context);
}

async function compileRebuild(wanted: Parameters, context: CompileContext): Promise<Compiled> {
  const { app, requestedAt } = context;
  const { secondary, template } = app;
  if (!secondary)
    return refuse(
      'NoSecondarySite',
      `The estate file names no secondary site for ${app.title}. Add apps[].secondary, then ask again.`,
    );
  if (wanted.region.toLowerCase() !== app.secondaryRegion.toLowerCase())
    return {
      ...refuse(
        'UnknownRegion',
        `${app.title} can be brought up in ${app.secondaryRegion}, not in ${wanted.region}: only there do the estate's names and parameters hold.`,
      ),
      choices: [
        { words: `Fail over to ${app.secondaryRegion}`, parameters: { region: app.secondaryRegion } },
      ],
    };
  if (!template)
    return refuse(
      'NoTemplate',
      `The estate file names no template for ${app.title}. Add apps[].template, then ask again.`,
    );
  const found = await regionFound(secondary, template, context);
  const refusal = regionRefusal(found, context);
  if (refusal) return refusal;
  const stages = regionStages(found, context);
  const recoveredAfter = recoveredIn(found);
  return {
    plan: {
      ...{ runbook: 'failover-region', app: app.name, parameters: wanted, objectives: app.objectives },
      title: `Fail ${app.title} over to ${app.secondaryRegion}`,
      notices: regionNotices(found, context),
      afterwards: regionAfterwards(found, context),
      next: [{ words: 'Replicate again …', runbook: 'reprotect-region', known: { from: 'secondary' } }],
      loss: regionLoss(found.backup, requestedAt),
      duration: regionDuration(stages, recoveredAfter, context),
      observed: observedIn(found, context),
      ...{ stages, recoveredAfter },
      // Taken back means that people are served from the primary region again, if it is there.
      afterUndo: {
        reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
        withinMinutes: app.healthWithinMinutes,
      },
    },
  };
}
