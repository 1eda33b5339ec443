import { z } from 'zod/v4';
import type { CompileContext, Runbook } from '../engine/runbook';
import { failoverGroupPlan } from './parts/failover-group-plan';
import { groupState } from './parts/group-state';
import { moveForm } from './parts/move-form';
import { moveTruth } from './parts/move-truth';
import { noGroupWords } from './parts/move-words';
import { refuse } from './parts/refuse';
import { secondarySite } from './parts/sites';

const parameters = z.object({ app: z.string(), reason: z.string().max(2_000).default('') });
type Parameters = z.infer<typeof parameters>;

/** The way back after Scenario 3: a planned failover to the primary region, once it answers and has caught up. */
export const runbook: Runbook<Parameters> = {
  name: 'failback-region',
  title: 'Fail back',
  source: 'Scenario 3: Region failure (the way back); High Availability Setup (Tier 3)',
  summary: 'Takes the app back to its primary region without losing data, once that region answers again.',
  estimateMinutes: [15, 30],
  command: {
    name: 'failback',
    words: ['failback', 'fail back', 'failback region', 'fail back region', 'fail the region back'],
    summary: 'Take the app back to its primary region, without losing data',
    examples: ['failback'],
    takes: () => ({}),
  },
  parameters,

  form: (context, known) => moveForm(context, known, context.app.primaryRegion),

  async compile(wanted, context) {
    const { app } = context;
    const state = await groupState(context, 2);
    if (!state) return refuse('NoFailoverGroup', await whyNoGroup(context));
    return failoverGroupPlan(
      { runbook: 'failback-region', parameters: wanted, to: app.primaryRegion, force: false },
      state,
      context,
    );
  },

  truth: moveTruth,
};

async function whyNoGroup({ app, azure }: CompileContext): Promise<string> {
  const second = secondarySite(app);
  if (!second)
    return `The estate file names no second place for ${app.title}, so it cannot have left ${app.primaryRegion}.`;
  const [first, there] = await Promise.all([azure.health(app.healthUrl), azure.health(second.healthUrl)]);
  return noGroupWords(app, { first: first.green, second: there.green });
}
