import type { SqlServerRef, StorageAccountRef, VaultRef, WebAppRef } from '../azure/refs';
import type { GatePolicy, Guard } from '../incidents/event';
import type { Objectives } from '../incidents/plan';
import type { Person } from './approval';

/** A secret of an app: where a new value comes from when the old one is gone for good. */
export type AppSecret =
  /** A password of an Entra application, made anew through Microsoft Graph. `application` is its appId. */
  | { readonly name: string; readonly kind: 'entra-client-secret'; readonly application: string }
  /** The connection string of the app's storage account, made from the account's key. */
  | { readonly name: string; readonly kind: 'storage-connection-string' }
  /** Only people know it: it is entered on a page of the bot. */
  | { readonly name: string; readonly kind: 'entered' };

/** Where an app's release packages are published: `<url>/<channel>/<name>-<version>.zip`. */
interface PackageHost {
  readonly url: string;
  readonly name: string;
  readonly channels: readonly string[];
}

/** The ARM template that an app is deployed from, and its parameters. */
export interface DeploymentTemplate {
  /** Where Azure fetches it, or the file that the bot sends along; one of the two. */
  readonly from: { readonly uri: string } | { readonly file: string };
  readonly parameters: { readonly [name: string]: string };
  /** Secure parameters: Azure reads them from this vault itself, so that the bot never sees them. */
  readonly secureParameters: {
    readonly [name: string]: VaultSecret;
  };
  /** Who administers the SQL server that the template makes: the bot makes the server first, for the data to come into. */
  readonly sqlAdministrator: { readonly login: string; readonly password: VaultSecret };
}

/** A secret in a vault, by its name: never its value. */
interface VaultSecret {
  readonly vault: VaultRef;
  readonly secret: string;
}

/** Where an app is, or is brought up, in its secondary region. */
export interface SecondarySite {
  readonly resourceGroup: string;
  readonly sqlServer: SqlServerRef;
  readonly webApp: WebAppRef;
  readonly vault: VaultRef;
  readonly storage: StorageAccountRef;
  readonly healthUrl: string;
}

/** A custom domain of an app: the host name people use, and the DNS zone its record is in. */
interface CustomDomain {
  readonly hostName: string;
  readonly zone: string;
  readonly zoneResourceGroup: string;
}

/** A set of Azure resources that recover together, and who decides about them. */
export interface ProtectedApp {
  readonly name: string;
  readonly title: string;
  readonly tier: 2 | 3;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
  readonly sqlServer: SqlServerRef;
  /** The database that the app lives on; the server may hold others. */
  readonly database: string;
  readonly webApp: WebAppRef;
  readonly healthUrl: string;
  readonly vault: VaultRef;
  readonly secrets: readonly AppSecret[];
  readonly storage: StorageAccountRef;
  readonly packages: PackageHost;
  /** Null: the app cannot be deployed anew by the bot. */
  readonly template: DeploymentTemplate | null;
  /** Null: nothing is known of a secondary region. */
  readonly secondary: SecondarySite | null;
  /** The Traffic Manager profile in front of the app, if it has one. */
  readonly trafficManager: { readonly resourceGroup: string; readonly profile: string } | null;
  readonly domain: CustomDomain | null;
  /** The appIds of the Entra applications whose redirect URIs lead to the app. */
  readonly redirectApplications: readonly string[];
  /** Where the app tells who changed what, if it does: a GET that answers JSON (docs/audit-trail.md). */
  readonly auditTrailUrl: string | null;
  /** The appId of the Entra application that the bot's token for the audit trail is for. */
  readonly auditTrailApplication: string | null;
  readonly objectives: Objectives;
  /** How long the app is given to turn green after a change, in minutes. */
  readonly healthWithinMinutes: number;
  /** The Teams channel where its incidents are handled: the channel's conversation id. */
  readonly channel: string;
  /** Who answers which gate; a runbook names a policy, the estate says what it asks. */
  readonly gates: { readonly [policy: string]: GatePolicy };
  readonly guards: readonly Guard[];
  /** The role whose holders may go ahead alone at any gate of this app; null when nobody may. */
  readonly breakGlass: string | null;
}

/** Somebody to call, and what for ("Contacts" in the document). */
export interface Contact {
  readonly role: string;
  /** Who or what is reached: a name, a team, a desk. */
  readonly name: string;
  /** A telephone number, a mail address or a link. */
  readonly reach: string;
  readonly responsibility: string;
}

/** The Azure support plans of the document, by how fast they answer. */
export const SUPPORT_PLANS = ['Basic', 'Developer', 'Standard', 'Professional Direct'] as const;

/** All protected apps, and the people who may do something about them. */
export interface Estate {
  readonly apps: readonly ProtectedApp[];
  /** Further accounts of theirs (a guest, an administrator) are the same human. */
  readonly people: readonly Person[];
  /** Groups of Microsoft Entra ID whose members, however deep, have a role. */
  readonly groups: readonly { readonly id: string; readonly role: string }[];
  readonly contacts: readonly Contact[];
  readonly supportPlan: (typeof SUPPORT_PLANS)[number];
  /** Whether Azure is the simulator: its times are not Azure's, and every card says so. */
  readonly simulated: boolean;
}

/** The protected app of that name, in any letter case. */
export const appNamed = (estate: Estate, name: string): ProtectedApp | undefined =>
  estate.apps.find((app) => app.name.toLowerCase() === name.toLowerCase());

/** A person by their Entra object id; somebody unknown has no roles. */
export function personOf({ people }: Pick<Estate, 'people'>, id: string, name: string): Person {
  const same = (one: string): boolean => one.toLowerCase() === id.toLowerCase();
  const found = people.find((person) => same(person.id) || person.accounts?.some(same));
  return found ? { id: found.id, name: found.name, roles: found.roles } : { id, name, roles: [] };
}

/**
 * Who must answer a gate of an app. @throws when the estate has no such policy: a runbook cannot leave a gate out,
 * so an unknown policy must stop the run before it starts.
 */
export function gatePolicy(app: ProtectedApp, policy: string): GatePolicy {
  const found = app.gates[policy];
  if (!found) {
    throw new Error(
      `The estate file has no gate policy "${policy}" for ${app.name}. Add it under apps[].gates, then ask again.`,
    );
  }
  return app.breakGlass === null ? found : { ...found, breakGlass: app.breakGlass };
}
