import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { arm } from './arm/arm';
import { releaseOperations, settleOperations } from './arm/operations';
import { routes } from './arm/routes';
import { certificatesIn } from './certificates';
import { withSpeed } from './clock';
import { createConnectProxy } from './connect-proxy';
import { createControl } from './control';
import { publishTemplate, templateHost } from './deployments/template-host';
import { createDeviceCodes } from './device-codes';
import { bringAbout } from './disasters';
import { effects } from './effects';
import { entra } from './entra';
import { type Estate, estateOf } from './estate';
import { createFaults, type Fault, type FaultInPlace } from './faults';
import { createFrontDoor } from './front-door';
import { applications, isAboutApplications } from './graph/applications';
import { directory, isAboutDirectory } from './graph/directory';
import { type HostHandler, type Hosts, handlerFor } from './host';
import { createJournal, type JournalEntry } from './journal';
import type { JsonObject } from './json';
import { listen, stopListening } from './listening';
import { secretsIn } from './secrets';
import { demoCredentials, seedState } from './seed';
import { changeRows } from './sql/history';
import type { SeedName, State } from './state';
import { type StorageByHand, storageByHand } from './storage/by-hand';
import { knowsStorageHost, storageDataPlane } from './storage/data-plane';
import { createStore } from './store';
import { type VaultsByHand, vaultsByHand } from './vault/by-hand';
import { knowsVaultHost, vaultDataPlane } from './vault/data-plane';
import { deploy } from './web/deploy';
import { packageHost } from './web/package-host';
import { protectedApp } from './web/protected-app';
import { PACKAGE_HOST } from './web/releases';
import type { World } from './world';

export interface SimulatorOptions {
  /** Where state and certificates are kept, in the folder `simulator`. Absent: in memory, certificates in a temporary folder. */
  readonly dataDir?: string;
  /** Port of the CONNECT proxy; 0, the default, for a free one. */
  readonly proxyPort?: number;
  /** Port of the control API; 0, the default, for a free one. */
  readonly controlPort?: number;
  /** How much faster than Azure long operations run; 60 unless told, or as it was when state was kept. */
  readonly speed?: number;
  readonly now?: () => Date;
  /** What a fresh estate looks like: `tier2` unless told. */
  readonly seed?: SeedName;
  readonly log?: (line: string) => void;
  /** More host names to answer for, for example Microsoft Graph's. */
  readonly extraHosts?: Readonly<Record<string, HostHandler>>;
}

/** Azure on this machine, running. */
export interface Simulator {
  readonly proxyUrl: string;
  readonly controlUrl: string;
  /** The PEM file that clients have to trust. */
  readonly caFile: string;
  /** All that a child process needs to use the simulator instead of Azure. */
  readonly environment: Readonly<Record<string, string>>;
  readonly journal: (since?: number) => JournalEntry[];
  /** Calls back on each request once its effect is applied and before it is answered; gives the function that stops it. */
  readonly onRequest: (listener: (entry: JournalEntry) => void) => () => void;
  readonly addFault: (fault: Fault) => number;
  /** Nothing goes wrong any more; operations that were stuck go on. */
  readonly clearFaults: () => void;
  readonly faults: () => readonly FaultInPlace[];
  /** Changes how fast long operations run from now on; those under way keep the progress that they have. */
  readonly setSpeed: (speed: number) => void;
  /** Milliseconds by which every answer of Azure Resource Manager is held back. */
  readonly setLatency: (ms: number) => void;
  /** Disasters that happen to vaults, and what a vault holds, as an administrator's hands and eyes. */
  readonly vaults: VaultsByHand;
  /** What befalls storage accounts, and what the app puts into them. */
  readonly storage: StorageByHand;
  /** Somebody adds rows to a database, or deletes as many when the number is negative, as in the app. */
  readonly changeRows: (database: string, change: { readonly by: string; readonly rows: number }) => void;
  /** Makes one of the disasters of the demo happen, by its name. @throws for a name that there is not. */
  readonly disaster: (name: string) => Promise<void>;
  readonly regionDown: (region: string) => void;
  readonly regionUp: (region: string) => void;
  /** Deploys a release of the protected app, as its pipeline would. @throws TypeError when there is no such app or release. */
  readonly deploy: (app: string, version: string, minutesAgo?: number) => void;
  /** Publishes another version of the demo's template where Azure and the bot fetch it. */
  readonly publishTemplate: (edit: (template: JsonObject) => JsonObject) => void;
  /** Back to a fresh estate: no faults, no latency, an empty journal. */
  readonly reset: (seed?: SeedName) => void;
  /** Plays the browser in which a person enters a device code; gives the person's full name. */
  readonly signIn: (code: string, person: string) => string;
  readonly estate: () => Estate;
  /** Every secret that it holds: what must be found nowhere outside of it. */
  readonly secrets: () => readonly string[];
  readonly close: () => Promise<void>;
}

const MANAGEMENT = 'management.azure.com';
const GRAPH = 'graph.microsoft.com';
const SIGN_IN = 'login.microsoftonline.com';

/** Starts the simulator: a CONNECT proxy and a control API on loopback. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? (() => new Date());
  const log = options.log ?? (() => undefined);
  const folder =
    options.dataDir === undefined
      ? mkdtempSync(join(tmpdir(), 'azure-simulator-'))
      : resolve(options.dataDir, 'simulator');
  const store = createStore(options.dataDir === undefined ? undefined : join(folder, 'state.json'));
  const kept = store.load();
  let state: State = kept ?? seedState(options.seed ?? 'tier2', now(), options.speed ?? 60);
  if (kept !== undefined && options.speed !== undefined) {
    state.clock = withSpeed(state.clock, now().getTime(), options.speed);
  }
  const world: World = {
    get state() {
      return state;
    },
    now,
    log,
  };
  const codes = createDeviceCodes(world);
  const journal = createJournal();
  const faults = createFaults();
  let latency = 0;

  const app = protectedApp(world);
  const management = arm(world, routes, faults.takeForOperation);
  const hosts: Hosts = {
    [MANAGEMENT]: management,
    [SIGN_IN]: entra(world, codes),
    '*.azurewebsites.net': app,
    '*.trafficmanager.net': app,
    // The demo's own domain: wherever its DNS record leads.
    '*.contoso.example': app,
    '*.vault.azure.net': vaultDataPlane(world),
    '*.queue.core.windows.net': storageDataPlane(world),
    '*.blob.core.windows.net': storageDataPlane(world),
    [PACKAGE_HOST]: packageHost(),
    'raw.githubusercontent.com': templateHost(world),
    ...options.extraHosts,
    [GRAPH]: graphHost(world, options.extraHosts?.[GRAPH]),
  };
  const settle = (): void => {
    if (settleOperations(world, effects)) {
      store.saveSoon(state);
    }
  };
  const change = (act: () => void): void => {
    settle();
    act();
    settle();
    store.save(state);
  };
  const timely: Hosts = Object.fromEntries(
    Object.entries(hosts).map(([host, handler]): [string, HostHandler] => [
      host,
      (request) => {
        settle();
        return handler(request);
      },
    ]),
  );
  const closing = new AbortController();
  // One listener for each answer that is held back.
  setMaxListeners(0, closing.signal);
  const { caFile, cert, key } = await certificatesIn(folder, Object.keys(hosts), now());
  const frontDoor = createFrontDoor({
    hosts: timely,
    journal,
    faults,
    now,
    expireTokens: () => {
      state = { ...state, tenant: { ...state.tenant, signingKey: `${state.tenant.signingKey}+` } };
    },
    latency: (host) => (host === MANAGEMENT ? latency : 0),
    settled: (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD' && request.host !== SIGN_IN) {
        store.save(state);
      }
    },
    log,
    closing: closing.signal,
  });
  const https = createHttpsServer({ cert, key }, frontDoor);
  // Bots keep their connections; a short limit would cut them between two polls.
  https.keepAliveTimeout = 65_000;
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const proxy = createConnectProxy({
    knows: (host) =>
      handlerFor(hosts, host) !== undefined &&
      (!host.endsWith('.vault.azure.net') || knowsVaultHost(world, host)) &&
      (!host.endsWith('.core.windows.net') || knowsStorageHost(world, host)),
    connect: (socket) => https.emit('connection', socket),
    log,
  });
  const control = createControl(() => simulator);
  proxy.on('connection', track);
  control.on('connection', track);
  const proxyPort = await listen(proxy, options.proxyPort ?? 0, 'SIMULATOR_PROXY_PORT');
  const controlPort = await listen(control, options.controlPort ?? 0, 'SIMULATOR_CONTROL_PORT').catch(
    async (error: unknown) => {
      await stopListening(proxy);
      throw error;
    },
  );
  store.save(state);

  const proxyUrl = `http://127.0.0.1:${proxyPort}`;
  const simulator: Simulator = {
    proxyUrl,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    caFile,
    environment: {
      HTTPS_PROXY: proxyUrl,
      NO_PROXY: 'localhost,127.0.0.1',
      NODE_EXTRA_CA_CERTS: caFile,
      AZURE_TENANT_ID: demoCredentials.tenantId,
      AZURE_CLIENT_ID: demoCredentials.clientId,
      AZURE_CLIENT_SECRET: demoCredentials.clientSecret,
    },
    journal: journal.list,
    onRequest: journal.onRequest,
    addFault: faults.add,
    clearFaults: () => {
      faults.clear();
      change(() => releaseOperations(state));
    },
    faults: faults.list,
    setSpeed: (speed) =>
      change(() => {
        state.clock = withSpeed(state.clock, now().getTime(), speed);
      }),
    setLatency: (ms) => {
      latency = ms;
    },
    vaults: vaultsByHand(world, change),
    storage: storageByHand(world, change),
    changeRows: (database, { by, rows }) => change(() => changeRows(world, database, by, rows)),
    disaster: (name) => bringAbout(name, { world, simulator, arm: management }),
    regionDown: (region) =>
      change(() => {
        state.regionsDown[region] ??= now().toISOString();
      }),
    regionUp: (region) =>
      change(() => {
        delete state.regionsDown[region];
      }),
    deploy: (app, version, minutesAgo) => change(() => deploy(world, app, version, minutesAgo)),
    publishTemplate: (edit) => change(() => publishTemplate(state, edit)),
    reset: (seed) => {
      state = seedState(seed ?? state.seed, now(), state.clock.speed);
      faults.clear();
      journal.clear();
      latency = 0;
      store.save(state);
    },
    signIn: (code, person) => codes.complete(code, person).name,
    estate: () => {
      settle();
      return structuredClone(estateOf(state));
    },
    secrets: () => secretsIn(state),
    close: async () => {
      closing.abort();
      store.flush();
      for (const socket of sockets) {
        socket.destroy();
      }
      await Promise.all([stopListening(proxy), stopListening(control)]);
      if (options.dataDir === undefined) {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
  return simulator;
}

/** Microsoft Graph: app registrations, users and groups here, everything else (Teams' messages) where whoever started the simulator says. */
function graphHost(world: World, others: HostHandler | undefined): HostHandler {
  const own = applications(world);
  const people = directory(world);
  return (request) => {
    if (isAboutApplications(request.path)) return own(request);
    if (isAboutDirectory(request.path)) return people(request);
    const said = `Resource not found for the segment '${request.path.split('/')[2] ?? ''}'.`;
    return others?.(request) ?? { status: 400, body: { error: { code: 'BadRequest', message: said } } };
  };
}
