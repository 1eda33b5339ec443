import { type Call, param, type Route } from '../arm/route';
import type { HostAnswer } from '../host';
import { notFound } from '../sql/servers';
import type { ResolvedReference, Site } from '../state';
import { mayUseSecrets } from '../vault/access';
import { answers, liveSecret, vaultNamed } from '../vault/vaults';
import type { World } from '../world';
import { principalOf } from './principal';
import { findSite, siteId, sitePath, webVersions } from './sites';

const references = `${sitePath}/config/configreferences/appsettings`;

/** Key Vault references of app settings, as the platform last resolved them (Microsoft.Web 2023-12-01). */
export const keyVaultReferenceRoutes: readonly Route[] = [
  {
    operation: 'WebApps_GetAppSettingsKeyVaultReferences',
    method: 'GET',
    path: references,
    apiVersions: webVersions,
    handler: (call) => list(call, findSite(call)),
  },
  {
    operation: 'WebApps_GetAppSettingKeyVaultReference',
    method: 'GET',
    path: `${references}/{appSettingKey}`,
    apiVersions: webVersions,
    handler: get,
  },
  {
    operation: 'WebApps_RefreshAppSettingsKeyVaultReferences',
    method: 'POST',
    path: `${references}/refresh`,
    apiVersions: ['2022-03-01', ...webVersions],
    handler: (call) => {
      const site = findSite(call);
      resolveReferences(call.world, site);
      return list(call, site);
    },
  },
];

/** A reference taken apart (App Service documentation, "Use Key Vault references"). */
interface Reference {
  readonly vault: string;
  readonly secret: string;
  readonly version: string;
}

/** Fetches every reference of the site again from the vaults as they are now. */
export function resolveReferences(world: World, site: Site): void {
  const resolved: Record<string, ResolvedReference> = {};
  for (const [name, value] of Object.entries(site.settings)) {
    if (value.startsWith('@Microsoft.KeyVault(')) {
      resolved[name] = resolve(world, site, value);
    }
  }
  site.references = resolved;
}

function resolve(world: World, site: Site, text: string): ResolvedReference {
  const reference = readReference(text);
  if (reference === undefined) {
    return { status: 'InvalidSyntax', details: 'The reference could not be parsed.' };
  }
  const vault = vaultNamed(world, reference.vault);
  if (vault === undefined || !answers(world, vault)) {
    return { status: 'VaultNotFound', details: `Vault ${reference.vault} was not found.` };
  }
  if (world.state.regionsDown[vault.location] !== undefined) {
    return { status: 'OtherReasons', details: `Vault ${reference.vault} did not answer.` };
  }
  if (!mayUseSecrets(world, vault, principalOf(site), 'get')) {
    return {
      status: 'AccessToKeyVaultDenied',
      details: `The identity of ${site.name} may not read the secrets of vault ${reference.vault}.`,
    };
  }
  const secret = liveSecret(vault, reference.secret);
  if (secret === undefined) {
    return {
      status: 'SecretNotFound',
      details: `Secret ${reference.secret} was not found in vault ${reference.vault}.`,
    };
  }
  const version =
    reference.version === ''
      ? secret.versions.at(-1)
      : secret.versions.find(({ id }) => id === reference.version);
  if (version === undefined) {
    return {
      status: 'SecretVersionNotFound',
      details: `Version ${reference.version} of secret ${reference.secret} was not found.`,
    };
  }
  return { status: 'Resolved', details: 'Reference has been successfully resolved.', value: version.value };
}

function readReference(text: string): Reference | undefined {
  const inner = /^@Microsoft\.KeyVault\((.+)\)$/.exec(text)?.[1] ?? '';
  const uri = /^SecretUri=https:\/\/([^./]+)\.vault\.azure\.net\/secrets\/([^/]+)\/?([^/]*)\/?$/i.exec(inner);
  if (uri !== null) {
    return { vault: uri[1] ?? '', secret: uri[2] ?? '', version: uri[3] ?? '' };
  }
  const parts = new Map(
    inner
      .split(';')
      .map((part) => [part.split('=')[0]?.trim().toLowerCase(), part.split('=')[1]?.trim() ?? '']),
  );
  const vault = parts.get('vaultname');
  const secret = parts.get('secretname');
  return vault === undefined || secret === undefined
    ? undefined
    : { vault, secret, version: parts.get('secretversion') ?? '' };
}

function list(call: Call, site: Site): HostAnswer {
  return { status: 200, body: { value: Object.keys(site.references).map((name) => view(call, site, name)) } };
}

function get(call: Call): HostAnswer {
  const site = findSite(call);
  const wanted = param(call, 'appSettingKey');
  const name = Object.keys(site.references).find((known) => known.toLowerCase() === wanted.toLowerCase());
  if (name === undefined) {
    throw notFound(
      `Microsoft.Web/sites/${site.name}/config/configreferences/appsettings/${wanted}`,
      site.resourceGroup,
    );
  }
  return { status: 200, body: view(call, site, name) };
}

function view(call: Call, site: Site, name: string): unknown {
  const text = site.settings[name] ?? '';
  const reference = readReference(text);
  const resolved = site.references[name];
  return {
    id: `${siteId(call.world, site)}/config/configreferences/appsettings/${name}`,
    name,
    type: 'Microsoft.Web/sites/config/configreferences',
    properties: {
      reference: text,
      status: resolved?.status,
      ...(reference === undefined ? {} : { vaultName: reference.vault, secretName: reference.secret }),
      ...(reference === undefined || reference.version === '' ? {} : { secretVersion: reference.version }),
      identityType: { type: 'SystemAssigned' },
      details: resolved?.details,
      source: 'KeyVault',
    },
  };
}
