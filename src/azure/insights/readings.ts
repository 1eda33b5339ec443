import type { Connection } from '../connection';
import type { RawGet } from '../raw';
import type { ResourceGroupRef } from '../refs';
import { type Availability, availabilities } from './availability';
import { type Password, passwords } from './passwords';
import { type RecentChange, recentChanges } from './recent-changes';
import { type SignInMetadata, signInProbe } from './sign-in-metadata';

/** What Azure and Entra ID say about how things are, beside the resources themselves. */
export interface InsightsReadings {
  /** Azure Resource Health, of every resource in the group that it follows. */
  readonly availability: (group: ResourceGroupRef) => Promise<readonly Availability[]>;
  /** What people and programs changed in the group, newest first. */
  readonly changes: (group: ResourceGroupRef, since: Date) => Promise<readonly RecentChange[]>;
  /** The passwords (client secrets) of an Entra application, without their values. */
  readonly passwords: (application: string) => Promise<readonly Password[]>;
  /** Whether users can begin to sign in at all; never throws. Null for a tenant that is not known. */
  readonly signIn: (tenantId: string | null) => Promise<SignInMetadata>;
}

/** How they are read. */
export const insightsReadings = (azure: Connection, get: RawGet): InsightsReadings => ({
  availability: (group) => availabilities(azure, get, group),
  changes: (group, since) => recentChanges(azure, group, since),
  passwords: (application) => passwords(azure, application),
  signIn: signInProbe(),
});
