import type { ServiceClientCredentialsFactory } from 'botframework-connector';

/** How the bot proves who it is to Teams, and what it demands of Teams in return. */
export interface Credentials {
  readonly appId: string;
  readonly appType: 'MultiTenant' | 'SingleTenant' | 'UserAssignedMSI';
  /** The tenant whose people are listened to; needed for `SingleTenant` and `UserAssignedMSI`. */
  readonly tenantId: string | null;
  /** Null for a managed identity. */
  readonly password: string | null;
  /** Botbuilder's channel settings, where they are not Azure's public ones (a sovereign cloud, a simulator). */
  readonly channel?: Readonly<Record<string, string>>;
  /** Another source of outbound tokens than the app type's own. */
  readonly tokens?: ServiceClientCredentialsFactory;
}

/** The credentials in the words of botbuilder's configuration. */
export function botbuilderSettings(credentials: Credentials | null): Record<string, string> {
  if (!credentials) return { MicrosoftAppId: '' };
  const { appId, appType, tenantId, password, channel = {} } = credentials;
  return {
    MicrosoftAppId: appId,
    MicrosoftAppType: appType,
    ...(tenantId === null ? {} : { MicrosoftAppTenantId: tenantId }),
    ...(password === null ? {} : { MicrosoftAppPassword: password }),
    ...channel,
  };
}
