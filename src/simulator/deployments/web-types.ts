import { AzureError } from '../azure-error';
import { MINUTE, SECOND } from '../clock';
import { type JsonObject, textAt, textsAt } from '../json';
import type { Site } from '../state';
import { resolveReferences } from '../web/key-vault-references';
import { principalOf } from '../web/principal';
import { SOFT_RESTART, startProcess } from '../web/process';
import { timeStamp, type World } from '../world';
import { first, heldElsewhere, plainType, type ResourceType } from './resource-type';

const siteNamed = (world: World, name: string): Site | undefined => world.state.sites[name.toLowerCase()];

/** Microsoft.Web as a template uses it. */
export const webTypes: Readonly<Record<string, ResourceType>> = {
  'microsoft.web/serverfarms': plainType(40 * SECOND, ({ name }) => ({ name, status: 'Ready' })),
  'microsoft.web/sites': {
    duration: (world, { names }) => (siteNamed(world, first(names)) ? 15 * SECOND : MINUTE),
    refuses: (world, named) =>
      heldElsewhere(siteNamed(world, first(named.names)), named, {
        code: 'Conflict',
        message: `Website with given name ${first(named.names)} already exists.`,
      }),
    alsoNeeds: ['Microsoft.Web/serverfarms/join/action'],
    exists: (world, { names }) => siteNamed(world, first(names)) !== undefined,
    make: (world, { names, resourceGroup, location, body }) => {
      const name = first(names);
      const known = siteNamed(world, name);
      if (known !== undefined) {
        known.lastModified = timeStamp(world);
        return;
      }
      const site: Site = {
        ...{ name, resourceGroup, location, state: 'Running', settings: {}, slotSettingNames: [] },
        plan: textAt(body, 'properties', 'serverFarmId')?.split('/').at(-1) ?? '',
        ...{ references: {}, process: null, lastModified: timeStamp(world) },
      };
      world.state.sites[name.toLowerCase()] = site;
      startProcess(world, site, SOFT_RESTART);
    },
    properties: (world, names): JsonObject | undefined => {
      const found = siteNamed(world, first(names));
      return found && { state: found.state, defaultHostName: `${found.name}.azurewebsites.net` };
    },
    identity: (world, names) => {
      const found = siteNamed(world, first(names));
      return found ? { principalId: principalOf(found), tenantId: world.state.tenant.id } : {};
    },
  },
  'microsoft.web/sites/config': {
    duration: () => 20 * SECOND,
    exists: (world, { names }) => Object.keys(siteNamed(world, first(names))?.settings ?? {}).length > 0,
    make: (world, { names, body }) => {
      const site = siteNamed(world, first(names));
      const settings = textsAt(body, 'properties');
      if (site === undefined || settings === undefined) {
        throw new AzureError(
          site === undefined ? 404 : 400,
          site === undefined ? 'ParentResourceNotFound' : 'BadRequest',
          site === undefined
            ? `Failed to perform 'write' on resource(s) of type 'sites/config', because the parent resource 'Microsoft.Web/sites/${first(names)}' could not be found.`
            : 'The parameter properties has an invalid value. Every app setting must be a string.',
        );
      }
      // A change of the configuration fetches every reference again and restarts the app.
      Object.assign(site, { settings, lastModified: timeStamp(world) });
      resolveReferences(world, site);
      startProcess(world, site, SOFT_RESTART);
    },
    properties: (world, names) => siteNamed(world, first(names))?.settings,
  },
};
