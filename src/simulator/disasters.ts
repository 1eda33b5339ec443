import { type AtThePortal, atThePortal } from './arm/at-the-portal';
import { DAY } from './clock';
import type { HostHandler } from './host';
import { at } from './json';
import type { Simulator } from './simulator';
import type { World } from './world';

/** What a disaster is made with: the demo's estate, the doors of the simulator, and somebody at the portal. */
interface Doing {
  readonly world: World;
  readonly simulator: Simulator;
  readonly portal: AtThePortal;
}

/** A disaster that can be made to happen by its name. */
interface Disaster {
  /** What happens, in a sentence that follows the name. */
  readonly words: string;
  readonly happen: (doing: Doing) => Promise<void> | void;
}

const VAULT = 'kv-appreq-demo01';
const SITE = 'apprequest-prod-demo01';
const STORAGE = 'stappreqdemo01';
const DATABASE = 'AppRequestPortal';
const WHO = 'anna@contoso.onmicrosoft.com';

/**
 * Everything of the document that can befall the demo's app, by name. Each is made as somebody would make it: through
 * Azure's own operations, or through what the other doors of the control API do.
 */
const disasters: Readonly<Record<string, Disaster>> = {
  'rows-deleted': {
    words: 'Anna deletes 214 requests; the app stays green',
    happen: ({ simulator }) => simulator.changeRows(DATABASE, { by: 'Anna', rows: -214 }),
  },
  'database-deleted': {
    words: 'somebody deletes the database',
    happen: async ({ world, portal }) => {
      const server = serverOf(world);
      await portal(
        'DELETE',
        `${group(world)}/Microsoft.Sql/servers/${server}/databases/${DATABASE}?api-version=2022-08-01-preview`,
      );
    },
  },
  'secret-deleted': {
    words: 'somebody deletes AzureAdClientSecret; the app goes on with the value in its memory',
    happen: ({ simulator }) => simulator.vaults.deleteSecret(VAULT, 'AzureAdClientSecret'),
  },
  'secret-deleted-app-down': {
    words: 'somebody deletes SqlConnectionString and touches the settings, so that the app starts without it',
    happen: async (doing) => {
      doing.simulator.vaults.deleteSecret(VAULT, 'SqlConnectionString');
      await touchSettings(doing);
    },
  },
  'secret-purged': {
    words: 'AzureAdClientSecret is deleted and purged: it needs a new value',
    happen: ({ simulator }) => {
      simulator.vaults.deleteSecret(VAULT, 'AzureAdClientSecret');
      simulator.vaults.purgeSecret(VAULT, 'AzureAdClientSecret');
    },
  },
  'vault-deleted': {
    words: 'somebody deletes the Key Vault, and the app starts without it',
    happen: async (doing) => {
      doing.simulator.vaults.deleteVault(VAULT);
      await touchSettings(doing);
    },
  },
  'password-expired': {
    words: "the client secrets of the app's Entra application end",
    happen: ({ world, simulator }) => {
      const ended = new Date(world.now().getTime() - DAY).toISOString();
      for (const application of Object.values(world.state.applications))
        application.passwords = application.passwords.map((one) => ({ ...one, endDateTime: ended }));
      simulator.setSpeed(world.state.clock.speed);
    },
  },
  'storage-down': {
    words: 'the storage service in the primary region does not answer',
    happen: ({ simulator }) => simulator.storage.down(STORAGE),
  },
  'region-down': {
    words: 'the whole of eastus goes down',
    happen: ({ simulator }) => simulator.regionDown('eastus'),
  },
  'bad-release': {
    words: 'the release pipeline deploys 1.34.1, which does not start',
    happen: ({ simulator }) => simulator.deploy(SITE, '1.34.1'),
  },
  'app-stopped': {
    words: 'somebody stops the app',
    happen: async ({ world, portal }) => {
      await portal('POST', `${group(world)}/Microsoft.Web/sites/${SITE}/stop?api-version=2023-12-01`);
    },
  },
  'sign-in-out': {
    words: "Microsoft's sign-in answers 503 to people, until DELETE /faults",
    happen: ({ simulator }) => {
      simulator.addFault({ path: 'openid-configuration', status: 503, times: 100_000 });
    },
  },
  'azure-silent': {
    words: 'Azure Resource Manager holds every answer back for a minute, until POST /latency {"ms": 0}',
    happen: ({ simulator }) => simulator.setLatency(60_000),
  },
};

/** The names and what they are, for whoever wants to choose one. */
export const disasterList = Object.entries(disasters).map(([name, { words }]) => ({ name, words }));

/** Makes a disaster happen to the demo's app. @throws TypeError for a name that there is not, Error when Azure refuses it. */
export async function bringAbout(
  name: string,
  {
    world,
    simulator,
    arm,
  }: { readonly world: World; readonly simulator: Simulator; readonly arm: HostHandler },
): Promise<void> {
  const disaster = disasters[name];
  if (disaster === undefined)
    throw new TypeError(`There is no disaster "${name}". There is: ${Object.keys(disasters).join(', ')}.`);
  await disaster.happen({ world, simulator, portal: atThePortal(world, arm, WHO) });
}

const group = (world: World): string =>
  `/subscriptions/${world.state.subscription.id}/resourceGroups/apprequest-prod/providers`;

/** The server that the production database is on. */
const serverOf = (world: World): string =>
  world.state.databases.find(({ name }) => name === DATABASE)?.server ?? 'sql-apprequest-prod-demo01';

/** Any change of the settings makes App Service read the references anew and start the app again; a restart does not. */
async function touchSettings({ world, portal }: Doing): Promise<void> {
  const settings = `${group(world)}/Microsoft.Web/sites/${SITE}/config/appsettings`;
  const properties = at(await portal('POST', `${settings}/list?api-version=2023-12-01`), 'properties');
  await portal('PUT', `${settings}?api-version=2023-12-01`, {
    properties: { ...(properties as Record<string, string>), TOUCHED: world.now().toISOString() },
  });
}
