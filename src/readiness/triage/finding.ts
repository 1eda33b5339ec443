/** What every finding says: in words, and when it was seen (ISO 8601, UTC). */
interface Seen {
  readonly words: string;
  readonly at: string;
}

/**
 * A probe that does not know. `silent`: nothing answered in time, which may be the fault itself or the bot's own
 * connection. `refused`: something answered and would not tell, such as a right that the bot lacks.
 */
export interface Unknown extends Seen {
  readonly state: 'unknown';
  readonly because: 'silent' | 'refused';
}

/** Whether Azure Resource Manager answers the bot at all. */
export type AzureFinding = Seen & { readonly state: 'answers' | 'silent' | 'refused' };

/**
 * The app: what its health endpoint says, and App Service's own word for it. `unhealthy` has answered for itself,
 * naming what fails; `failing` has answered with nothing but an error; `refused` answers, and turns the bot away;
 * `silent` has not answered.
 */
export type AppFinding = Seen & {
  readonly state: 'green' | 'unhealthy' | 'failing' | 'refused' | 'silent' | 'stopped' | 'missing';
  /** The names of its own checks that fail: `database`, `secrets`, `storage`. */
  readonly fails: readonly string[];
  /** The version that it says it runs, or that its package's name says. */
  readonly version: string | null;
  /** The version to roll back to: the newest published one below the running one; null when it is not known. */
  readonly before: string | null;
};

/** The sign-in service of the tenant, and the password with which the app itself signs in. */
export type SignInFinding = Seen & {
  readonly state: 'answers' | 'failing' | 'silent';
  readonly password: 'valid' | 'expired' | 'none' | 'unknown';
};

/** A secret that the app needs and does not get. */
export interface LostSecret {
  readonly name: string;
  /**
   * `deleted` can be recovered; `gone` needs a new value; `unused` is in the vault, and App Service has not seen it yet;
   * of what is `unseen` the bot may not list where it could be.
   */
  readonly how: 'deleted' | 'gone' | 'unused' | 'unseen';
}

/** The app's Key Vault references, and the vault behind them. */
export type SecretsFinding =
  | Unknown
  | (Seen & { readonly state: 'fine' })
  | (Seen & { readonly state: 'secret-lost'; readonly lost: LostSecret })
  | (Seen & { readonly state: 'vault-deleted' | 'vault-missing' | 'denied' | 'unreachable' | 'unresolved' });

/**
 * The production database. `busy` is being made, restored or copied; `down` is there and cannot be used; `missing` is not
 * there and not among the deleted ones; of one that is `absent` nobody knows whether it was deleted.
 */
export type DatabaseFinding =
  | Unknown
  | (Seen & {
      readonly state: 'online' | 'dropped' | 'missing' | 'absent' | 'busy' | 'down' | 'unreachable';
    });

/** The storage account. `refused`: it answers, and turns the app's key or the bot away. */
export type StorageFinding =
  | Unknown
  | (Seen & {
      readonly state: 'reachable' | 'unreachable' | 'missing';
      /** Whether it has a copy in another region to which it can fail over. */
      readonly geoRedundant: boolean | null;
      /** Whether Azure itself says that its primary region does not serve it, or that it does not exist. */
      readonly reported: boolean;
    });

/** The parts of an app that can fail each by itself. */
export type Part = 'app' | 'secrets' | 'database' | 'storage';

/** One resource of the primary region as Azure Resource Health reports it. */
export interface ResourceHealth {
  readonly resource: string;
  /** Which of the app's parts it is. */
  readonly part: Part | 'other';
  readonly state: 'available' | 'unavailable' | 'degraded' | 'unknown';
}

/** What Azure Resource Health reports of the app's resources in the primary region. */
export type RegionFinding =
  | Unknown
  | (Seen & { readonly state: 'read'; readonly resources: readonly ResourceHealth[] });

/** One change that somebody made to the app's resources, from the activity log. */
export interface Change {
  readonly at: string;
  readonly by: string;
  readonly kind: 'settings' | 'deployment' | 'stop' | 'start' | 'restart' | 'deletion' | 'failover' | 'other';
  readonly resource: string;
}

/** What was changed in the last hours, newest first. */
export type ChangesFinding =
  | Unknown
  | (Seen & { readonly state: 'read'; readonly changes: readonly Change[] });

/** Everything that the probes saw, as data: the same findings give the same triage. */
export interface Findings {
  readonly azure: AzureFinding;
  readonly app: AppFinding;
  readonly signIn: SignInFinding;
  readonly secrets: SecretsFinding;
  readonly database: DatabaseFinding;
  readonly storage: StorageFinding;
  readonly region: RegionFinding;
  readonly changes: ChangesFinding;
}

/** The names of the probes. */
export type Probe = keyof Findings;
