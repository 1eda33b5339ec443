import { z } from 'zod/v4';

/** A resource group in a subscription. */
const group = { subscriptionId: z.string().min(1), resourceGroup: z.string().min(1) };

/** A logical SQL server. */
export const sqlServerRef = z.object({ ...group, server: z.string().min(1) });
export type SqlServerRef = z.infer<typeof sqlServerRef>;

/** An App Service app. */
export const webAppRef = z.object({ ...group, app: z.string().min(1) });
export type WebAppRef = z.infer<typeof webAppRef>;

const databaseName = z.string().min(1).max(128);

/**
 * Every change that a runbook can make to Azure, as data. One member for one REST operation, so that a plan can
 * name it exactly, a hash can cover it, and a resumed run can look whether it happened before sending it again.
 */
export const operation = z.discriminatedUnion('op', [
  /** Databases_CreateOrUpdate, `createMode: PointInTimeRestore`: a new database beside the source. */
  z.object({
    op: z.literal('sql.point-in-time-restore'),
    server: sqlServerRef,
    source: databaseName,
    target: databaseName,
    /** The restore point, UTC. */
    at: z.iso.datetime(),
    /** The service objective that the copy is given: the source's own, so that it can replace it. */
    tier: z.string(),
    location: z.string(),
  }),
  /** Databases_Rename (`POST …/move`). */
  z.object({
    op: z.literal('sql.rename'),
    server: sqlServerRef,
    from: databaseName,
    to: databaseName,
    /** The GUID (`properties.databaseId`) of the database that moves: tells on resume whether it has. */
    databaseId: z.string(),
  }),
  /** Databases_Delete. */
  z.object({
    op: z.literal('sql.delete'),
    server: sqlServerRef,
    database: databaseName,
    databaseId: z.string(),
  }),
  /** FailoverGroups_Update without the database. */
  z.object({
    op: z.literal('sql.leave-failover-group'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    database: databaseName,
  }),
  /** FailoverGroups_Update with the database; Azure seeds a new secondary from scratch. */
  z.object({
    op: z.literal('sql.join-failover-group'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    database: databaseName,
  }),
  /** ReplicationLinks_Delete: the secondary becomes a database of its own. */
  z.object({
    op: z.literal('sql.end-replication'),
    server: sqlServerRef,
    database: databaseName,
    partnerServer: z.string(),
  }),
  /** Databases_CreateOrUpdate on the partner, `createMode: Secondary`. */
  z.object({
    op: z.literal('sql.create-secondary'),
    server: sqlServerRef,
    database: databaseName,
    partner: sqlServerRef,
    partnerLocation: z.string(),
    tier: z.string(),
  }),
  /** WebApps_Restart. Leaves no state behind that tells whether it happened; the activity log does. */
  z.object({ op: z.literal('app.restart'), app: webAppRef }),
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
    };

/** Azure refused, failed, or could not be reached, in words and with its own code. */
export class AzureProblem extends Error {
  override readonly name = 'AzureProblem';
  constructor(
    message: string,
    readonly details: {
      /**
       * Azure's code (`DatabaseNameInUse`, `ScopeLocked`, `AADSTS7000215`, …), or ours. For a call that went wrong:
       * `Unreachable`, `Timeout`, `AuthenticationFailed`, `Unexpected`. For what Azure's state shows: `NameTaken`,
       * `DatabaseReplaced`, `DatabaseUnusable`, `SourceDatabaseNotFound`, `FailoverGroupNotPrimary`,
       * `ReplicationLinkNotFound`, `OperationFailed`, `OperationVanished`.
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
   * When the intent to have this effect was first written down: nothing older than this is ours, but for two
   * minutes by which clocks may differ. A later attempt at the same effect keeps the first one's time.
   */
  readonly intendedAt: Date;
  /** True when the request may have been sent before (a resumed run): a thorough look is due. */
  readonly resumed: boolean;
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
  /** One look at its progress, by the token that `begin` gave, or by `look` where that is lost: see `lookToken`. */
  readonly poll: (operation: O, token: string) => Promise<Polled>;
}
