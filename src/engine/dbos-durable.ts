import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { LEASE_MS } from '../store/stand-by';
import type { Durable, DurableStore, Work, Workflow } from './durable';

/**
 * The version of the conductor's own control flow. Runs of an older bot must be recovered after an upgrade, so this
 * is not the package's version: it changes only when recorded steps would no longer line up on replay.
 */
const CONDUCTOR_VERSION = 'conductor-1';
const NAME = 'dr-bot';
const TOPIC = 'changed';
const LONGEST_WAIT_SECONDS = 24 * 60 * 60;

interface DbosOptions {
  readonly url: string;
  /** Names this process among several on one store; tells in the store who began what. */
  readonly executor: string;
  readonly log: (level: 'info' | 'warn' | 'error', line: string) => void;
  /** How long a process may be silent in the middle of a transaction before that is undone, in milliseconds. */
  readonly silenceMs?: number;
}

/** {@link DurableStore} on DBOS Transact. */
export function createDbos(options: DbosOptions): DurableStore {
  let client: Promise<DBOSClient> | null = null;
  return {
    open: () => createDbosDurable(options),
    signal: async (id) => {
      const { warn, error } = loggerOf(options);
      client ??= DBOSClient.create({
        systemDatabaseUrl: options.url,
        systemDatabasePoolSize: 2,
        logger: { info: () => undefined, debug: () => undefined, warn, error },
        applicationName: NAME,
      });
      try {
        await (await client).send(id, 'changed', TOPIC);
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'DBOSNonExistentWorkflowError') return;
        throw cause;
      }
    },
    close: async () => {
      await (await client)?.destroy();
      client = null;
    },
  };
}

/** {@link Durable} on DBOS Transact: workflows live in the `dbos` schema of the same PostgreSQL as the timeline. */
export function createDbosDurable(options: DbosOptions): Durable {
  const started = new Map<string, (id: string, input: object) => Promise<void>>();
  const { warn, error } = loggerOf(options);
  DBOS.setConfig({
    name: NAME,
    systemDatabaseUrl: options.url,
    systemDatabasePoolSize: 10,
    // One that stands still must not keep the rows of its runs from whoever takes them over.
    systemDatabaseIdleTransactionTimeoutMs: options.silenceMs ?? LEASE_MS,
    executorID: options.executor,
    applicationVersion: CONDUCTOR_VERSION,
    useListenNotify: true,
    enableOTLP: false,
    logger: { info: () => undefined, debug: () => undefined, warn, error },
  });
  const start = async <Input extends object>(name: string, id: string, input: Input): Promise<void> => {
    const run = started.get(name);
    if (!run) throw new Error(`There is no workflow "${name}".`);
    await run(id, input);
  };
  const work: Work = { once, spawn: start, wait, signal };
  return {
    register: <Input extends object>(name: string, workflow: Workflow<Input>) => {
      const registered = DBOS.registerWorkflow(async (input: Input) => workflow(work, input), { name });
      started.set(name, async (id, input) => {
        await DBOS.startWorkflow(registered, { workflowID: id })(input as Input);
      });
    },
    launch: async () => {
      await DBOS.launch();
      await recoverAll(options.executor);
    },
    start,
    signal,
    stop: () => DBOS.shutdown({ deregister: true }),
  };
}

function loggerOf({ log }: DbosOptions) {
  const quiet = (level: 'warn' | 'error') => (entry: unknown) => {
    log(level, entry instanceof Error ? entry.message : String(entry));
  };
  return { warn: quiet('warn'), error: quiet('error') };
}

/**
 * Takes up what other processes left behind. DBOS takes up this executor's own workflows; whoever launches it has the
 * right to carry runs out alone, so all the others are gone.
 */
async function recoverAll(own: string): Promise<void> {
  const pending = await DBOS.listWorkflows({
    ...{ status: 'PENDING', applicationVersion: CONDUCTOR_VERSION, loadInput: false, loadOutput: false },
  });
  const left = pending.filter(({ executorId }) => executorId !== own).map(({ workflowID }) => workflowID);
  if (left.length > 0) await DBOS.resumeWorkflows(left);
}

const once = <Result>(name: string, act: () => Promise<Result>): Promise<Result> =>
  // What can happen comes back as a result; what is thrown is the store or a bug, and giving up would lose the run.
  DBOS.runStep(act, {
    name,
    retriesAllowed: true,
    maxAttempts: Number.MAX_SAFE_INTEGER,
    intervalSeconds: 0.5,
    backoffRate: 1.2,
  });

async function wait(until: Date | null): Promise<void> {
  const now = await DBOS.now();
  const seconds = until ? Math.max(0, (until.getTime() - now) / 1000) : LONGEST_WAIT_SECONDS;
  await DBOS.recv(TOPIC, Math.min(seconds, LONGEST_WAIT_SECONDS));
}

const signal = (id: string): Promise<void> => DBOS.send(id, 'changed', TOPIC);
