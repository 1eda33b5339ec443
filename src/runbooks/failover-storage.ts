import { z } from 'zod/v4';
import type { StorageAccount } from '../azure/storage/account';
import { toTheSecond } from '../azure/to-the-second';
import type { CompileContext, Compiled, Runbook } from '../engine/runbook';
import type { Plan } from '../incidents/plan';
import { refuse } from './parts/refuse';
import { type Failover, failoverOf, REPLACE } from './parts/storage-failover';
import { failoverForm } from './parts/storage-form';
import { failoverStages } from './parts/storage-stages';
import { storageTruth } from './parts/storage-truth';
import { failoverAfterwards, failoverLoss, failoverNotices } from './parts/storage-words';

const parameters = z.object({
  app: z.string(),
  /** `auto`: planned wherever Azure can, since that loses nothing. */
  how: z.enum(['auto', 'planned', 'unplanned']).default('auto'),
  reason: z.string().max(2_000).default(''),
});
type Parameters = z.infer<typeof parameters>;

/** Scenario 4, step 1: a geo-redundant account is served from its second region, and is made geo-redundant again. */
export const runbook: Runbook<Parameters> = {
  name: 'failover-storage',
  title: 'Fail over the storage account',
  source: 'Scenario 4: Storage account issues',
  summary: 'Serves the storage account from its second region, and makes it geo-redundant again.',
  estimateMinutes: [60, 120],
  command: {
    name: 'failover storage',
    words: [
      ...['failover storage', 'fail over storage', 'fail storage over', 'failover the storage'],
      ...['fail over the storage', 'storage failover'],
    ],
    summary: 'Serve the storage account from its second region',
    examples: ['failover storage', 'failover storage planned'],
    takes: (words) => {
      const [, how] = /\b(unplanned|planned)\b/i.exec(words) ?? [];
      return how === undefined ? {} : { how: how.toLowerCase() };
    },
  },
  subject: ({ how }) => (how === undefined || how === 'auto' ? '' : String(how)),
  parameters,
  form: failoverForm,
  compile: compileFailover,
  truth: storageTruth,
};

async function compileFailover(wanted: Parameters, context: CompileContext): Promise<Compiled> {
  const { app, azure } = context;
  const { account: name, resourceGroup } = app.storage;
  const account = await azure.storage.account(app.storage);
  if (!account)
    return refuse('AccountNotFound', `There is no storage account "${name}" in ${resourceGroup}. ${REPLACE}`);
  if (isOnItsWay(context, account)) return { plan: context.before };
  const locks = await azure.locks(account.resourceId);
  const lock = locks.find(({ level }) => level === 'ReadOnly');
  if (lock)
    return refuse(
      'ScopeLocked',
      `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids failing ${name} over. Its owner must remove it first.`,
    );
  const decided = failoverOf(account, wanted.how);
  return 'failover' in decided ? { plan: planFor(wanted, account, decided.failover, context) } : decided;
}

/** A failover that this run has begun goes on as it was planned, whatever the account shows while it moves. */
function isOnItsWay(
  context: CompileContext,
  account: StorageAccount,
): context is CompileContext & { readonly before: Plan } {
  const stage = context.before?.stages.find(({ name }) => name === 'fail-over');
  if (!context.begun.has('fail-over') || stage?.kind !== 'step') return false;
  return account.failoverInProgress || account.primaryLocation === stage.does['to'];
}

function planFor(
  wanted: Parameters,
  account: StorageAccount,
  failover: Failover,
  context: CompileContext,
): Plan {
  const { app, past } = context;
  const { how, from, to, lastSync } = failover;
  const minutes = past('failover-storage', 'fail-over');
  return {
    ...{ runbook: 'failover-storage', app: app.name, parameters: wanted, objectives: app.objectives },
    title: `Fail ${account.name} over from ${from} to ${to}, ${how}`,
    notices: failoverNotices(account, failover),
    afterwards: failoverAfterwards(failover),
    loss: failoverLoss(failover, context.requestedAt),
    duration:
      minutes === null
        ? { minutes: 60, basis: 'document', words: 'up to 1 hour by the document; never done here yet' }
        : {
            ...{ minutes: Math.ceil(minutes + 3), basis: 'past runs' },
            words: `about ${Math.ceil(minutes + 3)} minutes, as our own past failovers took`,
          },
    observed: {
      redundancy: account.sku,
      'primary region': account.primaryLocation,
      'second region': account.secondaryLocation,
      'primary answers': account.primaryAnswers,
      'kind of failover': how,
      // While the primary serves, the copy goes on and this moves by itself; once it is away, it must not.
      'Last Sync Time':
        how === 'unplanned' && !account.primaryAnswers && lastSync ? toTheSecond(lastSync) : null,
    },
    stages: failoverStages(failover, context),
    recoveredAfter: 'healthy',
  };
}
