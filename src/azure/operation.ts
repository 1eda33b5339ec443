import { z } from 'zod/v4';
import { deploymentOperations } from './deployments/operations';
import { domainOperations } from './domain/operations';
import { graphOperations } from './graph/operations';
import { sqlOperations } from './sql/operations';
import { storageOperations } from './storage/operations';
import { trafficOperations } from './traffic/operations';
import { vaultOperations } from './vault/operations';
import { webOperations } from './web/operations';

/**
 * Every change that a runbook can make to Azure, as data. One member for one REST operation, so that a plan can
 * name it exactly, a hash can cover it, and a resumed run can look whether it happened before sending it again.
 * Each service has its own in the folder of its name.
 */
export const operation = z.discriminatedUnion('op', [
  ...sqlOperations,
  ...webOperations,
  ...vaultOperations,
  ...storageOperations,
  ...trafficOperations,
  ...domainOperations,
  ...graphOperations,
  ...deploymentOperations,
]);
export type Operation = z.infer<typeof operation>;
export type OperationName = Operation['op'];
export type OperationOf<N extends OperationName> = Extract<Operation, { op: N }>;

/** What Azure shows of an operation that may have been sent before. */
export type Look =
  | { readonly state: 'absent' }
  | { readonly state: 'under way'; readonly percent: number | null }
  | { readonly state: 'done'; readonly facts: OperationFacts }
  /** Something else stands where the operation would act: sending it would harm or must fail. */
  | { readonly state: 'blocked'; readonly problem: AzureProblem };

/** What an operation leaves behind that later stages need, by name: `databaseId`, … */
export type OperationFacts = { readonly [name: string]: string | number | boolean | null };

/** What Azure answered to the request that starts an operation. */
export type Begun =
  | { readonly state: 'done'; readonly facts: OperationFacts }
  /** Azure works on it; the token is all that a later process needs to go on asking. */
  | { readonly state: 'accepted'; readonly token: string };

/** One look at an operation that Azure works on. */
export type Polled =
  | { readonly state: 'done'; readonly facts: OperationFacts }
  | {
      readonly state: 'under way';
      /** 0-100, or null where Azure gives none. */
      readonly percent: number | null;
      /** Azure's `Retry-After` in milliseconds, or null where it gave none. */
      readonly retryAfterMs: number | null;
      /** True while nothing was sent yet, since a person must do something first: asking to abort ends the waiting. */
      readonly waitsForPerson?: boolean;
    };

/** Azure refused, failed, or could not be reached, in words and with its own code. */
export class AzureProblem extends Error {
  override readonly name = 'AzureProblem';
  constructor(
    message: string,
    readonly details: {
      /**
       * Azure's code (`DatabaseNameInUse`, `ScopeLocked`, `AADSTS7000215`, …), or ours. For a call that went wrong:
       * `Unreachable`, `Timeout`, `NoProgress`, `AuthenticationFailed`, `Unexpected`. For what Azure's state shows: `NameTaken`,
       * `NotOurs`, `NotShown`, `DatabaseReplaced`, `DatabaseUnusable`, `AuditTrailUnreadable`, `SourceDatabaseNotFound`,
       * `FailoverGroupNotPrimary`, `ReplicationLinkNotFound`, `OperationFailed`, `OperationVanished`.
       */
      readonly code: string;
      readonly status: number | null;
      /** True when the same request may succeed later without anybody changing anything. */
      readonly passing: boolean;
      /** True when nobody knows whether Azure took the request: look before sending it again. */
      readonly unknownOutcome: boolean;
      readonly retryAfterMs: number | null;
      readonly correlationId: string | null;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** When and under which id a request is sent: what {@link OperationHandler.look} needs to find it again. */
export interface Sent {
  /** Deterministic per run, stage and attempt; sent as `x-ms-client-request-id`. */
  readonly requestId: string;
  /**
   * The ids of earlier attempts at the same effect. That they failed is known, and why this one is made; but Azure may
   * still be at work on one of them, or have done it after all.
   */
  readonly earlierIds?: readonly string[];
  /**
   * When the intent to have this effect was first written down: nothing older than this is ours, but for two
   * minutes by which clocks may differ. A later attempt at the same effect keeps the first one's time.
   */
  readonly intendedAt: Date;
  /** True when the request, or one of an earlier attempt, may have been sent before: a thorough look is due. */
  readonly resumed: boolean;
  /** Whether a process that is gone may have sent it a moment ago, so that it can still arrive. Absent: no. */
  readonly onItsWay?: boolean;
}

/**
 * The poll token of an operation whose own token is lost, or that Azure gives none for: its progress is read from
 * the state of the resource.
 */
export const lookToken = 'look';

/** How one operation is done. All of it throws {@link AzureProblem} and nothing else. */
export interface OperationHandler<O extends Operation> {
  /** The exact REST operation for people: `POST …/databases/AppRequestPortal/move → AppRequestPortal-old`. */
  readonly rest: (operation: O) => string;
  /** The name of the Azure resource that changes. */
  readonly target: (operation: O) => string;
  /** Whether its effect is there already. Reads only. */
  readonly look: (operation: O, sent: Sent) => Promise<Look>;
  /** Sends it once: no client-side retry of a request that is not idempotent. */
  readonly begin: (operation: O, sent: Sent) => Promise<Begun>;
  /**
   * Whether a request that arrives after a second one does harm: it has a second effect, or takes back what was changed
   * since. Then it is sent again only when the first one cannot arrive any more. Absent: no, since Azure refuses it, or
   * nothing that comes after it in a run is so quick.
   */
  readonly harmfulLate?: (operation: O) => boolean;
  /** One look at its progress, by the token that `begin` gave, or by `look` where that is lost: see `lookToken`. */
  readonly poll: (operation: O, token: string) => Promise<Polled>;
}
