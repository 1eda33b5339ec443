import { isLoopbackAddress, isLoopbackUrl } from './adapter';
import type { Credentials } from './credentials';
import { type Incoming, incoming, whereabouts } from './incoming';

/** What a request to the bot's endpoint brings, read off HTTP. */
export interface Delivery {
  readonly body: unknown;
  readonly authorization: string;
  /** The address of the other end of the connection. */
  readonly from: string;
  /** Whether a proxy passed it on, so that `from` says nothing about who asks. */
  readonly forwarded: boolean;
}

/** An activity that may go on to the token check, or the status and sentence that refuse it. */
export type Admission =
  | { readonly activity: Incoming }
  | { readonly status: 400 | 403; readonly words: string };

const CHANNELS = ['msteams', 'emulator', 'webchat'];

/**
 * The first look at a delivery, before any token is read: its shape, where it comes from, and whose tenant it is of.
 * Without credentials nothing but this machine is listened to and nothing but this machine is answered.
 */
export function admit(delivery: Delivery, credentials: Credentials | null): Admission {
  if (!credentials && (delivery.forwarded || !isLoopbackAddress(delivery.from))) {
    return {
      status: 403,
      words:
        'This bot runs without credentials and listens to its own machine only. Set MicrosoftAppId to let Teams in.',
    };
  }
  if (isDeeper(delivery.body, DEEPEST))
    return { status: 400, words: `This is not a readable activity: it is more than ${DEEPEST} levels deep.` };
  const read = incoming.safeParse(storable(delivery.body));
  if (!read.success) return { status: 400, words: `This is not a readable activity: ${where(read.error)}.` };
  const activity = read.data;
  const refuse = (words: string): Admission => ({ status: 403, words });
  if (!credentials) {
    if (!CHANNELS.includes(activity.channelId))
      return refuse(`The channel "${activity.channelId.slice(0, 40)}" is not listened to.`);
    return isLoopbackUrl(activity.serviceUrl)
      ? { activity }
      : refuse('Without credentials the bot answers to service URLs on its own machine only.');
  }
  if (activity.channelId !== 'msteams') return refuse('Only Microsoft Teams is listened to.');
  const { tenant } = whereabouts(activity);
  if (credentials.tenantId !== null && tenant?.toLowerCase() !== credentials.tenantId.toLowerCase())
    return refuse('This bot belongs to another tenant.');
  return { activity };
}

/** No activity of Teams comes near it; what is much deeper exhausts the stack of whoever walks through it. */
const DEEPEST = 100;

const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (than === 0 || Object.values(value).some((member) => isDeeper(member, than - 1)));

function where(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const [issue] = error.issues;
  if (!issue) return 'it has the wrong shape';
  const path = issue.path.map(String).join('.');
  return path ? `"${path}": ${issue.message}` : issue.message;
}

/** People paste anything: U+0000 and half surrogate pairs, which PostgreSQL refuses to keep, are taken out. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value).toString().replaceAll('\0', '');
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storable(key), storable(member)]));
}
