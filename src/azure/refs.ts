import { z } from 'zod/v4';

/** A resource group in a subscription. */
const group = { subscriptionId: z.string().min(1), resourceGroup: z.string().min(1) };

/** A resource group by its subscription and name. */
export const resourceGroupRef = z.object(group);
export type ResourceGroupRef = z.infer<typeof resourceGroupRef>;

/** A logical SQL server. */
export const sqlServerRef = z.object({ ...group, server: z.string().min(1) });
export type SqlServerRef = z.infer<typeof sqlServerRef>;

/** An App Service app. */
export const webAppRef = z.object({ ...group, app: z.string().min(1) });
export type WebAppRef = z.infer<typeof webAppRef>;

/** A Key Vault. Its secrets are reached at `https://<vault>.vault.azure.net`. */
export const vaultRef = z.object({ ...group, vault: z.string().min(1) });
export type VaultRef = z.infer<typeof vaultRef>;

/** A Traffic Manager profile. */
export const trafficProfileRef = z.object({ ...group, profile: z.string().min(1) });
export type TrafficProfileRef = z.infer<typeof trafficProfileRef>;

/** A DNS zone in Azure. */
export const dnsZoneRef = z.object({ ...group, zone: z.string().min(1) });
export type DnsZoneRef = z.infer<typeof dnsZoneRef>;

/** A storage account. */
export const storageAccountRef = z.object({ ...group, account: z.string().min(1) });
export type StorageAccountRef = z.infer<typeof storageAccountRef>;
