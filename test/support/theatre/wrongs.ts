import type { Fault } from '../../../src/simulator/faults';
import type { Point } from './points';

/** One way in which Azure may answer badly. */
export interface Wrong {
  readonly name: string;
  /** What is put in the way of the request; its method and path come from the request. */
  readonly fault: Omit<Fault, 'method' | 'path'>;
  /** Whether it goes away by itself: then nobody needs to be asked. */
  readonly passes: boolean;
  /** Which requests it can befall; all of them unless told. */
  readonly befalls?: (point: Point) => boolean;
}

const refused = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Wrong => ({
  name: `${status} ${code}`,
  // As often as it is asked for: only people make an end of it.
  fault: { status, code, message, headers, times: 1_000 },
  passes: false,
});

const changes = ({ reads }: Point): boolean => !reads;

/** Who takes the bot's tokens: the app's own health, packages and templates are there for everybody. */
const takesTokens = ({ key }: Point): boolean =>
  /^\w+ (management\.azure|graph\.microsoft|[\w-]+\.vault\.azure|[\w-]+\.(queue|blob)\.core\.windows)/.test(
    key,
  );

/** What must not be done twice even where Azure does the first one after the second. */
const oncePerRun =
  /\/(move|failover(\?.*)?|addPassword|appsettings|secrets\/[^/]+|azureEndpoints\/\w+)$|^PUT .*\/hostNameBindings\/| graph\.microsoft\.com/i;

/** Whether a request may be done twice when something goes wrong with it: the end is the same as if it were done once. */
export const mayBeDoneAgain = ({ key }: Point, { fault }: Wrong): boolean =>
  (fault.lro !== undefined && 'fail' in fault.lro) ||
  (fault.effectDelayMs !== undefined && !oncePerRun.test(key));

const startsOperation = ({ accepted }: Point): boolean => accepted;

/** Everything that may come back instead of what was wished for. */
export const wrongs: readonly Wrong[] = [
  refused(401, 'InvalidAuthenticationToken', 'The access token is invalid.', {
    'www-authenticate': 'Bearer error="invalid_token", error_description="The access token is invalid."',
  }),
  refused(403, 'AuthorizationFailed', 'The client does not have authorization to perform this action.'),
  refused(404, 'ResourceNotFound', 'The resource was not found.'),
  refused(409, 'Conflict', 'The request could not be completed due to a conflict.'),
  {
    name: 'a token that has run out',
    fault: { tokensExpire: true },
    passes: true,
    befalls: takesTokens,
  },
  {
    name: '429, twice',
    fault: { status: 429, headers: { 'retry-after': '1' }, times: 2 },
    passes: true,
  },
  { name: '500, twice', fault: { status: 500, times: 2 }, passes: true },
  { name: '503', fault: { status: 503 }, passes: true },
  { name: '503 after the effect', fault: { status: 503, when: 'after' }, passes: true, befalls: changes },
  { name: 'a connection cut before the effect', fault: { reset: true }, passes: true },
  {
    name: 'a connection cut after the effect',
    fault: { reset: true, when: 'after' },
    passes: true,
    befalls: changes,
  },
  // The bot waits 30 s for Azure and 10 s for all else, so that a stall of 60 s is one past the deadline, as this is here.
  { name: 'a stall past the deadline', fault: { delayMs: 2_500, when: 'after' }, passes: true },
  // The bot has looked meanwhile and seen nothing: what must not come after a second one is not sent again so soon.
  {
    name: 'a stall whose effect comes late',
    fault: { effectDelayMs: 2_500 },
    passes: true,
    // What Azure is at work on for minutes is not done yet when the first one arrives: it refuses that.
    befalls: (point) => changes(point) && (!point.accepted || oncePerRun.test(point.key)),
  },
  {
    name: 'a long-running operation that fails',
    fault: { lro: { fail: { code: 'InternalServerError', message: 'An unexpected error occurred.' } } },
    passes: false,
    befalls: startsOperation,
  },
  {
    name: 'a long-running operation that never ends',
    fault: { lro: { stuck: true } },
    passes: false,
    befalls: startsOperation,
  },
];
