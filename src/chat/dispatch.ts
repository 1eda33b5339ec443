import type { Activity } from 'botbuilder';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type Fence, fenced } from '../fence';
import { type Address, addressOf, threadOf } from './addresses';
import { type Arrived, marked } from './arrived';
import type { Connector, Landed, Sent } from './connector';
import type { Governor } from './governor';
import { withoutThread } from './incoming';
import type { OutboxRow } from './outbox';
import type { References } from './references';

/** What sending needs. */
export interface Dispatch {
  readonly pool: Pool;
  readonly references: References;
  readonly connector: Connector;
  readonly governor: Governor;
  readonly arrived: Arrived;
  /** Looked at just before each request leaves: another process may have taken over meanwhile. */
  readonly fence: Fence;
  readonly now: () => Date;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** How long a message may take until it can be read back, in milliseconds: before then, its absence says nothing. */
  readonly readBackMs: number;
  /** How long Graph may be in trouble, in milliseconds, until a message that may have arrived is sent again. */
  readonly graphPatienceMs: number;
  readonly log: Logger;
}

/** What is to be done after a message was looked at: go on with the conversation, or come back in a while. */
export type Step = { readonly go: 'on' } | { readonly go: 'later'; readonly ms: number };

const on: Step = { go: 'on' };

/** How often who may not read is asked whether a message arrived before it is sent again: a doubled line is better than a lost one. */
const MOST_DOUBTS = 6;

/** Sends a message that is not in Teams yet, or finds out whether it is. */
export async function post(dispatch: Dispatch, row: OutboxRow): Promise<Step> {
  const address = await addressOf(row.conversation, dispatch);
  if (address.kind !== 'done') return trouble(dispatch, row, address, { state: row.state, top: null });
  if (row.state === 'sending') return settle(dispatch, row, address.value);
  const top = withoutThread(address.value.conversation);
  const wait = dispatch.governor.ask(top, 'new');
  if (wait > 0) return { go: 'later', ms: wait };
  const { sent, begun } = await counted(dispatch, top, async () => {
    await mark(dispatch, row, address.value.conversation);
    const begun = { ...row, begun_at: dispatch.now() };
    return { begun, sent: await say(dispatch, row, address.value) };
  });
  return conclude(dispatch, begun, address.value, sent);
}

/** Shows a message that is in Teams as it is wanted now. */
export async function redraw(
  dispatch: Dispatch,
  row: OutboxRow & { readonly activity: string },
): Promise<Step> {
  const { pool, references, connector, governor, fence, now } = dispatch;
  const conversation = row.landed ?? row.conversation;
  const reference = await references.of(conversation);
  if (!reference)
    return park(dispatch, row, `The bot has never heard from the conversation ${conversation}.`);
  const top = withoutThread(conversation);
  const wait = governor.ask(top, row.urgency === 'calm' ? 'redraw' : 'new');
  if (wait > 0) return { go: 'later', ms: wait };
  const changed = await counted(dispatch, top, async () => {
    await pool.query('insert into sends (conversation, at) values ($1, $2)', [top, now()]);
    // What has woken up after another process took over would show an older card, and nobody would draw the newer one again.
    return fenced(fence, () =>
      connector.update(reference, { conversation, activity: row.activity }, messageOf(row)),
    );
  });
  if (changed.kind === 'done') {
    await pool.query(
      'update outbox set shown = $2, attempts = 0, not_before = null, problem = null where id = $1',
      [row.id, row.version],
    );
    return on;
  }
  // A redraw is the same however often it is done, so an unknown outcome is simply tried again.
  const again = changed.kind === 'unknown' ? notSent(changed.problem) : changed;
  return trouble(dispatch, row, again, { state: 'sent', top });
}

/** Sends something that the governor has let through, and tells it when that is answered, whatever the answer. */
async function counted<T>({ governor }: Dispatch, top: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } finally {
    governor.ended(top);
  }
}

const notSent = (problem: string): Sent<never> & { kind: 'not sent' } => ({
  kind: 'not sent',
  retryAfterMs: null,
  problem,
});

function messageOf(row: OutboxRow): Partial<Activity> {
  if ('text' in row.content) return { text: row.content.text };
  const card = marked(row.content.card, row.id);
  const { fallbackText } = row.content.card;
  return {
    ...(typeof fallbackText === 'string' ? { summary: fallbackText } : {}),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  };
}

async function mark({ pool, now }: Dispatch, row: OutboxRow, conversation: string): Promise<void> {
  await pool.query(
    `with marking as (update outbox set state = 'sending', begun_at = $3 where id = $1)
     insert into sends (conversation, at) values ($2, $3)`,
    [row.id, withoutThread(conversation), now()],
  );
}

const say = (
  { connector, fence }: Dispatch,
  row: OutboxRow,
  { reference, conversation, newThread }: Address,
) =>
  fenced(fence, () =>
    newThread
      ? connector.startThread(reference, conversation, messageOf(row))
      : connector.post(reference, conversation, messageOf(row)),
  );

async function conclude(
  dispatch: Dispatch,
  row: OutboxRow,
  address: Address,
  sent: Sent<Landed>,
): Promise<Step> {
  if (sent.kind === 'done') return landed(dispatch, row, address, sent.value);
  if (sent.kind !== 'unknown')
    return trouble(dispatch, row, sent, { state: 'waiting', top: withoutThread(address.conversation) });
  dispatch.log.warn(
    { message: row.id, problem: sent.problem },
    'A message may or may not have arrived; looking for it.',
  );
  return settle(dispatch, row, address);
}

/** Decides about a message whose sending was begun and never concluded. */
async function settle(dispatch: Dispatch, row: OutboxRow, address: Address): Promise<Step> {
  const { conversation, newThread } = address;
  const found = await dispatch.arrived(conversation, row, row.begun_at ?? new Date(0));
  if (found === 'later') return waitForGraph(dispatch, row);
  if (found !== 'unknown' && found !== false)
    return landed(dispatch, row, address, {
      conversation: newThread ? `${conversation};messageid=${found}` : conversation,
      activity: found,
    });
  const since = dispatch.now().getTime() - (row.begun_at?.getTime() ?? 0);
  if (found === false && since < dispatch.readBackMs)
    return putOff(dispatch, row, { state: 'sending', ms: dispatch.readBackMs - since });
  if (found === 'unknown' && row.doubts < MOST_DOUBTS)
    return putOff(
      dispatch,
      { ...row, doubts: row.doubts + 1 },
      {
        state: 'sending',
        ms: backoffMs(row.doubts, dispatch.random),
      },
    );
  if (found === 'unknown')
    dispatch.log.warn({ message: row.id }, 'Nobody can tell whether a message arrived; it is sent again.');
  return sendAgain(dispatch, row);
}

/** Graph's trouble passes, and says nothing about the message: what is behind it waits, as long as people can be kept waiting. */
async function waitForGraph(dispatch: Dispatch, row: OutboxRow): Promise<Step> {
  const now = dispatch.now();
  const unsure_since = row.unsure_since ?? now;
  const waited = now.getTime() - unsure_since.getTime();
  if (waited < dispatch.graphPatienceMs) {
    const ms = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, waited)) * jitter(dispatch.random);
    return putOff(dispatch, { ...row, unsure_since }, { state: 'sending', ms });
  }
  dispatch.log.warn(
    { message: row.id, waited },
    'Graph has been in trouble for too long to tell whether a message arrived; it is sent again.',
  );
  return sendAgain(dispatch, row);
}

const sendAgain = (dispatch: Dispatch, row: OutboxRow): Promise<Step> =>
  putOff(
    dispatch,
    { ...row, doubts: 0, unsure_since: null, attempts: row.attempts + 1 },
    { state: 'waiting', ms: backoffMs(row.attempts, dispatch.random) },
  );

async function putOff(
  { pool, now }: Dispatch,
  { id, doubts, attempts, unsure_since }: OutboxRow,
  { state, ms }: { readonly state: OutboxRow['state']; readonly ms: number },
): Promise<Step> {
  await pool.query(
    `update outbox set state = $2, doubts = $3, attempts = $4, not_before = $5, unsure_since = $6
      where id = $1`,
    [id, state, doubts, attempts, new Date(now().getTime() + ms), unsure_since],
  );
  return { go: 'later', ms };
}

async function landed(
  { pool, references, now }: Dispatch,
  row: OutboxRow,
  address: Address,
  at: Landed,
): Promise<Step> {
  if (address.newThread) await references.save(threadOf(address, at.conversation), now());
  await pool.query(
    `update outbox set state = 'sent', shown = $2, landed = $3, activity = $4, attempts = 0, doubts = 0,
            unsure_since = null, not_before = null, problem = null where id = $1`,
    [row.id, row.version, at.conversation, at.activity],
  );
  return on;
}

async function trouble(
  dispatch: Dispatch,
  row: OutboxRow,
  sent: Exclude<Sent<never>, { kind: 'done' }>,
  { state, top }: { readonly state: OutboxRow['state']; readonly top: string | null },
): Promise<Step> {
  if (sent.kind === 'refused') return park(dispatch, row, sent.problem);
  const asked = sent.kind === 'not sent' ? (sent.retryAfterMs ?? 0) : 0;
  const ms = Math.max(asked, backoffMs(row.attempts, dispatch.random));
  const until = new Date(dispatch.now().getTime() + ms);
  if (asked > 0 && top !== null) dispatch.governor.holdUntil(top, until.getTime());
  dispatch.log.warn(
    { message: row.id, problem: sent.problem, ms },
    'Teams did not take a message; trying again.',
  );
  await dispatch.pool.query(
    'update outbox set state = $2, attempts = attempts + 1, not_before = $3, problem = $4 where id = $1',
    [row.id, state, until, sent.problem],
  );
  return { go: 'later', ms };
}

async function park({ pool, log }: Dispatch, row: OutboxRow, problem: string): Promise<Step> {
  log.error(
    { message: row.id, conversation: row.conversation, problem },
    'Teams refuses a message; it is put aside.',
  );
  await pool.query(`update outbox set state = 'parked', problem = $2 where id = $1`, [row.id, problem]);
  return on;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Doubling from half a second to half a minute, the half of it by chance, so that replicas do not march in step. */
const backoffMs = (attempts: number, random: () => number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 10)) * jitter(random);

const jitter = (random: () => number): number => 0.5 + random() / 2;
