import { createHash } from 'node:crypto';
import type { Azure } from '../azure/azure';
import {
  AzureProblem,
  lookToken,
  type Operation,
  type OperationFacts,
  type OperationHandler,
  operation,
  type Sent,
} from '../azure/operation';
import { NotInCharge } from '../fence';
import type { Problem } from '../incidents/event';
import type { Json, JsonObject } from '../incidents/json';
import type { OperationData } from '../incidents/plan';

/** What came of sending an operation: done, taken by Azure and to be polled, or failed. */
export type Sending =
  | { readonly state: 'done'; readonly facts: OperationFacts; readonly adopted: boolean }
  | { readonly state: 'accepted'; readonly token: string; readonly adopted: boolean }
  | { readonly state: 'failed'; readonly problem: Problem }
  /** Nothing was sent: at the last moment it was no longer what people approved. */
  | { readonly state: 'withdrawn' };

/** How the sender waits and tells; passed in so that tests drive time. */
export interface Patience {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly tell: (percent: number | null, words: string) => void;
  /** Whether somebody has asked to stop the run: what waits for a person then ends. */
  readonly stopAsked?: () => Promise<boolean>;
  /** How long after it was sent a request may still take effect, in milliseconds; {@link ARRIVES_WITHIN_MS} unless told. */
  readonly arrivesWithinMs?: number | undefined;
}

/** Azure Resource Manager itself gives a request up after a minute (504), and so does Microsoft Graph. In milliseconds. */
export const ARRIVES_WITHIN_MS = 60_000;

/** How often it is looked meanwhile whether it has, in milliseconds. */
export const LOOK_EVERY_MS = 5_000;

/** Throttling and passing faults are waited out this long before a person is asked. */
export const GIVE_UP_AFTER_MS = 15 * 60_000;

/** Between two renames the app has no database: people are asked early what to do. */
const RENAME_WITHIN_MS = 2 * 60_000;

/** Nobody writes between our reading and our writing this often: Azure does not show what it holds against us. */
const OVERTAKEN_TIMES = 6;

/** The id under which a step's request goes to Azure: the same for the same step however often it is resumed. */
export const requestId = (run: string, stage: string, attempt: number): string => {
  const hex = createHash('sha256').update(`${run}/${stage}/${attempt}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};

/** The ids of a try of a step and of all the tries before it. */
export const requestIds = (
  run: string,
  stage: string,
  attempt: number,
): { readonly requestId: string; readonly earlierIds: readonly string[] } => ({
  requestId: requestId(run, stage, attempt),
  earlierIds: Array.from({ length: attempt - 1 }, (_, index) => requestId(run, stage, index + 1)),
});

/**
 * An operation with every `{ "fact": "stage.name" }` replaced by what the run has learned.
 * @throws Error when a fact is missing: the plan's stages are in the wrong order.
 */
export function withFacts(data: OperationData, facts: JsonObject): Operation {
  return operation.parse(replaceFacts(data, facts));
}

/** Replaces `{ "fact": "stage.name" }` anywhere in a value. @throws Error naming a fact that is not known. */
export function replaceFacts(value: Json, facts: JsonObject): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one: Json) => replaceFacts(one, facts));
  const members = Object.entries(value);
  const [first] = members;
  if (members.length === 1 && first?.[0] === 'fact') {
    const fact = facts[String(first[1])];
    if (fact === undefined) throw new Error(`The run has not learned "${String(first[1])}" yet.`);
    return fact;
  }
  return Object.fromEntries(members.map(([key, member]) => [key, replaceFacts(member, facts)]));
}

/**
 * Sends an operation so that its effect happens once: looks first whether it is there already, sends it only when
 * it is absent and `mayBegin` then says yes, and after any answer that leaves the outcome open looks again before sending
 * it again.
 */
export async function send(
  azure: Azure,
  change: Operation,
  sent: Sent,
  patience: Patience,
  mayBegin: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<Sending> {
  const handler = azure.handler(change);
  const giveUpAt =
    patience.now().getTime() + (change.op === 'sql.rename' ? RENAME_WITHIN_MS : GIVE_UP_AFTER_MS);
  /** When a request that nobody has answered can no longer take effect; 0 where it may come after a second one. */
  const settledAt = (): number =>
    handler.harmfulLate?.(change)
      ? patience.now().getTime() + (patience.arrivesWithinMs ?? ARRIVES_WITHIN_MS)
      : 0;
  let resumed = sent.resumed;
  let settles = sent.onItsWay ? settledAt() : 0;
  let overtaken = 0;
  for (let attempt = 1; ; attempt++) {
    const isSettled = patience.now().getTime() >= settles;
    const tried = await lookThenBegin(handler, change, { ...sent, resumed }, isSettled, mayBegin);
    if (tried.state === 'may arrive') {
      patience.tell(
        null,
        'Azure has not said whether it has this; it is sent again when it cannot arrive any more',
      );
      await patience.sleep(LOOK_EVERY_MS);
      continue;
    }
    if (tried.state !== 'refused') return tried;
    const { error } = tried;
    // Azure may have it, unless it said that it has not: then the next look need not search for traces of it.
    if (!isRefusal(error)) {
      resumed = true;
      settles = settledAt();
    }
    if (isOvertaken(error)) overtaken += 1;
    const given = overtaken >= OVERTAKEN_TIMES ? error : await waitOut(error, attempt, giveUpAt, patience);
    if (given) return { state: 'failed', problem: problemOf(given) };
  }
}

/** What Azure, or the way to it, had against a call. */
interface Refused {
  readonly state: 'refused';
  readonly error: unknown;
}

async function lookThenBegin(
  handler: OperationHandler<Operation>,
  change: Operation,
  sent: Sent,
  isSettled: boolean,
  mayBegin: () => Promise<boolean>,
): Promise<Sending | Refused | { readonly state: 'may arrive' }> {
  const seen = await refusable(() => handler.look(change, sent));
  switch (seen.state) {
    case 'refused':
      return seen;
    case 'done':
      return { state: 'done', facts: seen.facts, adopted: true };
    case 'under way':
      return { state: 'accepted', token: lookToken, adopted: true };
    case 'blocked':
      return { state: 'failed', problem: problemOf(seen.problem) };
    case 'absent':
  }
  if (!isSettled) return { state: 'may arrive' };
  if (!(await mayBegin())) return { state: 'withdrawn' };
  const begun = await refusable(() => handler.begin(change, sent));
  return begun.state === 'refused' ? begun : { ...begun, adopted: false };
}

async function refusable<T>(call: () => Promise<T>): Promise<T | Refused> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NotInCharge) throw error;
    return { state: 'refused', error };
  }
}

/**
 * Does something with Azure that changes nothing, again and again while Azure's refusal is one that passes.
 * @throws what the last try threw, once it is none that passes or `giveUpAfterMs` are over.
 */
export async function whilePassing<T>(
  act: () => Promise<T>,
  giveUpAfterMs: number,
  patience: Patience,
): Promise<T> {
  const giveUpAt = patience.now().getTime() + giveUpAfterMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const given = await waitOut(error, attempt, giveUpAt, patience);
      if (given) throw given;
    }
  }
}

/**
 * Waits before Azure is asked again after this error, and tells so; null then. Else what people are told instead of
 * waiting on: the error when it is none that passes or has lasted until `giveUpAt` (on the clock of `patience`), what
 * Azure asks for when that is longer, since it is never asked earlier than it wants, and that somebody asked to stop.
 */
export async function waitOut(
  error: unknown,
  attempt: number,
  giveUpAt: number,
  patience: Patience,
): Promise<unknown> {
  const now = patience.now().getTime();
  if (!(error instanceof AzureProblem) || !error.details.passing || now >= giveUpAt) return error;
  const { code, retryAfterMs } = error.details;
  if (retryAfterMs !== null && now + retryAfterMs > giveUpAt)
    return sayingMore(
      error,
      `Azure asks to wait until ${utc(now + retryAfterMs)}; before that a retry is of no use.`,
    );
  const ms = retryAfterMs ?? Math.min(30_000, 500 * 2 ** Math.min(attempt - 1, 6), giveUpAt - now);
  patience.tell(null, `Azure answered ${code}; trying again in ${Math.max(1, Math.round(ms / 1000))} s`);
  if (await slept(ms, patience)) return null;
  return sayingMore(error, 'The run was stopped while this was waited out.');
}

/** How often it is looked, in a longer wait, whether somebody has asked to stop. */
const LOOK_FOR_STOP_MS = 5_000;

/** Sleeps; false when somebody asked to stop meanwhile. */
async function slept(ms: number, { sleep, stopAsked }: Patience): Promise<boolean> {
  for (let left = ms; left > 0; left -= LOOK_FOR_STOP_MS) {
    await sleep(Math.min(left, LOOK_FOR_STOP_MS));
    if (await stopAsked?.()) return false;
  }
  return true;
}

const sayingMore = (error: AzureProblem, more: string): AzureProblem =>
  new AzureProblem(`${error.message} ${more}`, error.details, { cause: error });

/** A moment as people read it: `2026-02-14 13:00 UTC`. Rounded up, since what is asked for until then is not over before. */
export const utc = (at: number): string =>
  `${new Date(Math.ceil(at / 60_000) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Whether what was to be changed was no longer as it was read (If-Match, If-None-Match). */
const isOvertaken = (error: unknown): boolean =>
  error instanceof AzureProblem && error.details.code === 'PreconditionFailed';

/** Whether Azure, or the lack of a connection, leaves no doubt that nothing was begun. */
const isRefusal = (error: unknown): boolean => error instanceof AzureProblem && !error.details.unknownOutcome;

/** Any error as a problem for a person. What is not from Azure is a bug of ours, and is said to be one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AzureProblem) {
    const { code, status } = error.details;
    return { what: error.message, code, status, detail: detailOf(error) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { what: `The bot itself failed here: ${message}`, code: 'Unexpected', status: null, detail: '' };
}

const detailOf = (error: AzureProblem): string =>
  error.details.correlationId ? `Azure's correlation id: ${error.details.correlationId}` : '';
