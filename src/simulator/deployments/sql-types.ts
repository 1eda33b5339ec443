import { AzureError } from '../azure-error';
import { MINUTE, SECOND } from '../clock';
import { type JsonObject, textAt } from '../json';
import { sameName } from '../resource-id';
import { databaseNamed } from '../sql/databases';
import { readRedundancy } from '../sql/redundancy';
import { serverNamed } from '../sql/servers';
import { GIB, objectiveNamed, readSku } from '../sql/service-objectives';
import { newId, timeStamp, type World } from '../world';
import { first, heldElsewhere, type ResourceType, second } from './resource-type';
import { tagsOf } from './template';

/** Microsoft.Sql as a template uses it. */
export const sqlTypes: Readonly<Record<string, ResourceType>> = {
  'microsoft.sql/servers': {
    duration: (world, { names }) => (serverNamed(world, first(names)) ? 10 * SECOND : MINUTE),
    refuses: (world, named) =>
      heldElsewhere(serverNamed(world, first(named.names)), named, {
        code: 'NameAlreadyExists',
        message: `The name '${first(named.names)}' already exists. Choose a different name.`,
      }),
    exists: (world, { names }) => serverNamed(world, first(names)) !== undefined,
    make: (world, { names, resourceGroup, location, body }) => {
      const name = first(names);
      const known = serverNamed(world, name);
      const password = textAt(body, 'properties', 'administratorLoginPassword');
      const login = known?.administratorLogin ?? textAt(body, 'properties', 'administratorLogin');
      if (login === undefined || (known === undefined && password === undefined)) {
        throw new AzureError(
          400,
          'InvalidParameterValue',
          'Invalid value given for parameter AdministratorLoginPassword. Specify a valid parameter value.',
        );
      }
      if (password !== undefined && !isStrong(password, login)) {
        throw new AzureError(
          400,
          'PasswordNotComplex',
          'Password validation failed. The password does not meet policy requirements because it is not complex enough.',
        );
      }
      if (known !== undefined && known.location !== location) {
        throw new AzureError(
          409,
          'InvalidResourceLocation',
          `The resource '${name}' already exists in location '${known.location}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
        );
      }
      world.state.servers[name.toLowerCase()] = {
        ...(known ?? { name, resourceGroup, location, firewallRules: [] }),
        administratorLogin: login,
        ...(password === undefined ? {} : { administratorPassword: password }),
        tags: tagsOf(body),
      };
      if (known === undefined) {
        addMaster(world, name);
      }
    },
    properties: (world, names) => {
      const found = serverNamed(world, first(names));
      return (
        found && {
          administratorLogin: found.administratorLogin,
          fullyQualifiedDomainName: `${found.name}.database.windows.net`,
          state: 'Ready',
        }
      );
    },
  },
  'microsoft.sql/servers/firewallrules': {
    duration: () => 10 * SECOND,
    exists: (world, { names }) => ruleNamed(world, names) !== undefined,
    make: (world, { names, body }) => {
      const server = requireServer(world, first(names));
      const rule = {
        name: second(names),
        startIpAddress: textAt(body, 'properties', 'startIpAddress') ?? '',
        endIpAddress: textAt(body, 'properties', 'endIpAddress') ?? '',
      };
      const others = (server.firewallRules ?? []).filter(({ name }) => !sameName(name, rule.name));
      world.state.servers[server.name.toLowerCase()] = { ...server, firewallRules: [...others, rule] };
    },
    properties: (world, names): JsonObject | undefined => {
      const found = ruleNamed(world, names);
      return found && { ...found };
    },
  },
  'microsoft.sql/servers/databases': {
    duration: (world, { names }) =>
      databaseNamed(world, first(names), second(names)) ? 10 * SECOND : MINUTE,
    exists: (world, { names }) => databaseNamed(world, first(names), second(names)) !== undefined,
    make: (world, wanted) => makeDatabase(world, wanted),
    properties: (world, names): JsonObject | undefined => {
      const found = databaseNamed(world, first(names), second(names));
      return found && { status: found.status, databaseId: found.databaseId };
    },
  },
};

const makeDatabase: ResourceType['make'] = (world, { names, body }) => {
  const server = requireServer(world, first(names));
  const known = databaseNamed(world, server.name, second(names));
  const objective = readSku(body) ?? objectiveNamed(known?.objective ?? 'GP_Gen5_2');
  if (known !== undefined) {
    Object.assign(known, { objective: objective.name, tags: tagsOf(body) });
    return;
  }
  const now = timeStamp(world);
  world.state.databases.push({
    ...{ name: second(names), server: server.name, databaseId: newId(world.state), status: 'Online' },
    ...{ creationDate: now, firstBackupDate: now, objective: objective.name },
    ...{ maxSizeBytes: objective.defaultMaxSize, dataBytes: GIB / 32 },
    collation: textAt(body, 'properties', 'collation') ?? 'SQL_Latin1_General_CP1_CI_AS',
    backupRedundancy: readRedundancy(body) ?? 'Geo',
    ...{ retentionDays: 7, diffBackupIntervalInHours: 12, tags: tagsOf(body), history: [], system: false },
  });
};

function addMaster(world: World, server: string): void {
  world.state.databases.push({
    ...{ name: 'master', server, databaseId: newId(world.state), status: 'Online' },
    ...{ creationDate: timeStamp(world), objective: 'System', maxSizeBytes: 30 * GIB, dataBytes: GIB / 64 },
    ...{ collation: 'SQL_Latin1_General_CP1_CI_AS', backupRedundancy: 'Geo', retentionDays: 7 },
    ...{ diffBackupIntervalInHours: 12, tags: {}, history: [], system: true },
  });
}

function requireServer(world: World, name: string) {
  const server = serverNamed(world, name);
  if (server === undefined) {
    throw new AzureError(
      404,
      'ParentResourceNotFound',
      `Failed to perform 'write' on resource(s) of type 'servers/databases', because the parent resource 'Microsoft.Sql/servers/${name}' could not be found.`,
    );
  }
  return server;
}

const ruleNamed = (world: World, names: readonly string[]) =>
  serverNamed(world, first(names))?.firewallRules?.find(({ name }) => sameName(name, second(names)));

/** Azure SQL's password policy: 8 characters of three kinds, without the login. */
function isStrong(password: string, login: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w]/].filter((kind) => kind.test(password)).length;
  return password.length >= 8 && kinds >= 3 && !password.toLowerCase().includes(login.toLowerCase());
}
