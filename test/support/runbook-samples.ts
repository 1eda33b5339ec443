import type { ProtectedApp } from '../../src/engine/estate';
import type { JsonObject } from '../../src/incidents/json';
import { type FakeState, freshState } from './fake-azure';
import { type FakeNetwork, freshNetwork } from './fake-azure-network';
import { freshAccount } from './fake-azure-storage';
import type { FakeVault } from './fake-azure-vault';

/** One way in which a runbook is asked for, and the Azure that it is asked in. */
export interface Sample {
  readonly words: string;
  readonly parameters: JsonObject;
  readonly azure: () => FakeState;
  /** Changes what the estate says of the app. */
  readonly app?: (app: ProtectedApp) => ProtectedApp;
}

const leftOver = 'shop-old-20260214-1000-inc1-1';

function withLeftOver(): FakeState {
  const state = freshState();
  const { shop } = state.databases['sql-primary'] ?? {};
  if (shop) state.databases['sql-primary'] = { shop, [leftOver]: { ...shop, id: 'id-left-over' } };
  return state;
}

/** Anna has deleted something, and the app has written it down. */
function withDeletion(): FakeState {
  const state = freshState();
  state.trail.push({
    ...{ id: 'entry-7', at: '2026-02-14T10:00:01.500Z', by: 'Anna', action: 'delete' },
    ...{ table: 'requests', rows: 214 },
  });
  return state;
}

/** Ticks of 2026-02-14T11:00:00.000Z. */
const gone = 'reports,134155404000000000';

/** Somebody has deleted a database beside the one that the app lives on. */
function withDeletedDatabase(): FakeState {
  const state = freshState({ group: true });
  state.dropped[gone] = {
    ...{ name: 'reports', tier: 'S1', deletedAt: '2026-02-14T11:00:00.000Z' },
    earliestRestore: '2026-02-08T12:00:00.000Z',
  };
  return state;
}

const broughtBack = (words: string, parameters: JsonObject, azure = withDeletedDatabase): Sample => ({
  words: `a deleted database, ${words}`,
  parameters: {
    ...{ app: 'shop', database: gone, at: '2026-02-14T11:00:00.000Z', how: 'swap', reason: 'gone' },
    ...parameters,
  },
  azure,
});

const restored = (how: 'swap' | 'beside', words: string, azure: () => FakeState): Sample => ({
  words: `${words}, ${how}`,
  parameters: { app: 'shop', database: 'shop', at: '2026-02-14T10:00:00.000Z', how, reason: 'wrong rows' },
  azure,
});

const rolledBack = (words: string, version: string, data: string, azure = () => freshState()): Sample => ({
  words,
  parameters: { app: 'shop', version, data, reason: 'every request fails' },
  azure,
});

function withVault(happened: (vault: FakeVault) => void): FakeState {
  const state = freshState();
  happened(state.vault);
  return state;
}

const secretLost = (
  words: string,
  secret: string,
  happened: (vault: FakeVault) => void,
  how: 'recover' | 'new' = 'recover',
): Sample => ({
  words,
  parameters: { app: 'shop', secret, how, reason: 'the app does not start' },
  azure: () => withVault(happened),
});

/** The shop in a failover group with its second place, and what leads people to the two. */
function inTwoRegions(more: Partial<FakeNetwork> = {}): FakeState {
  const state = freshState();
  const { shop } = state.databases['sql-primary'] ?? {};
  if (shop) state.databases['sql-dr'] = { shop: { ...shop, id: 'id-shop-dr' } };
  state.links = [{ server: 'sql-primary', database: 'shop', partner: 'sql-dr' }];
  state.groups = [{ name: 'shop-fog', server: 'sql-primary', partner: 'sql-dr', databases: ['shop'] }];
  const site = (group: string, app: string) =>
    `/subscriptions/sub/resourceGroups/${group}/providers/Microsoft.Web/sites/${app}`;
  state.network = freshNetwork({
    endpoints: {
      primary: { status: 'Enabled', target: site('group', 'web-shop') },
      secondary: { status: 'Enabled', target: site('group-dr', 'web-shop-dr') },
    },
    records: { apps: 'shop-tm.trafficmanager.net' },
    bindings: { 'web-shop/apps.shop.example': 'old', 'web-shop-dr/apps.shop.example': 'new' },
    redirects: { 'app-page': ['https://web-shop.azurewebsites.net/signed-in', 'https://apps.shop.example'] },
    ...more,
  });
  return state;
}

/** The shop after its failover: led from its second place. */
function failedOver(more: Partial<FakeNetwork> = {}): FakeState {
  const state = inTwoRegions({ leads: { 'shop-fog': 'sql-dr' }, ...more });
  const { primary } = state.network.endpoints;
  if (primary) primary.status = 'Disabled';
  return state;
}

const wayBack: Sample['parameters'] = { app: 'shop', reason: 'the region is back' };

const inGroup = (words: string, azure: Sample['azure']): Sample => ({
  words,
  parameters: { app: 'shop', region: 'westus2', reason: 'the region is lost' },
  azure,
});

/** How each runbook is asked for in the tests that hold for all runbooks; a new runbook brings its own here. */
export const samples: { readonly [runbook: string]: readonly Sample[] } = {
  'restore-database': [
    restored('swap', 'an ordinary database', () => freshState()),
    restored('beside', 'an ordinary database', () => freshState()),
    restored('swap', 'a geo-replicated database', () => freshState({ replicated: true })),
    restored('beside', 'a geo-replicated database', () => freshState({ replicated: true })),
    restored('swap', 'a database in a failover group', () => freshState({ group: true })),
    restored('beside', 'a database in a failover group', () => freshState({ group: true })),
    {
      ...restored('swap', 'just before a deletion that the app has written down', withDeletion),
      parameters: {
        ...{ app: 'shop', database: 'shop', at: '2026-02-14T10:00:00Z', how: 'swap', reason: '' },
        entry: {
          ...{ source: 'audit trail', id: 'entry-7', at: '2026-02-14T10:00:01.500Z' },
          words: 'Anna deleted 214 requests',
        },
      },
    },
    broughtBack('as it was at its end', {}),
    broughtBack('as it was at an earlier moment', { at: '2026-02-14T10:00:00.000Z' }),
    broughtBack('beside production', { how: 'beside' }),
  ],
  'rollback-app': [
    rolledBack('the package alone, to a schema that nobody names', '1.2.0', 'keep'),
    rolledBack('the package alone, to a preview', 'preview/1.4.0', 'keep'),
    rolledBack('with the database, which the bad version has moved on', '1.2.1', '2026-02-14T11:29:50Z'),
    rolledBack('with a database in a failover group', '1.2.1', '2026-02-14T11:29:50Z', () =>
      freshState({ group: true }),
    ),
  ],
  'failover-storage': [
    {
      words: 'an account that does not answer',
      parameters: { app: 'shop', how: 'auto', reason: 'queue errors' },
      azure: () => ({ ...freshState(), storage: { stshop: freshAccount({ down: true }) } }),
    },
    {
      words: 'an account that answers',
      parameters: { app: 'shop', how: 'planned', reason: 'a rehearsal' },
      azure: () => freshState(),
    },
  ],
  'replace-storage': [
    {
      words: 'an account that does not answer',
      parameters: { app: 'shop', region: '', reason: 'no second region' },
      azure: () => ({ ...freshState(), storage: { stshop: freshAccount({ down: true }) } }),
    },
    {
      words: 'an account that is gone',
      parameters: { app: 'shop', region: 'westus2', reason: 'deleted' },
      azure: () => ({ ...freshState(), storage: {} }),
    },
  ],
  'failback-region': [
    { words: 'with Traffic Manager in front', parameters: wayBack, azure: () => failedOver() },
    {
      words: 'by the DNS record, with a certificate to be issued',
      parameters: wayBack,
      app: (app) => ({ ...app, trafficManager: null }),
      azure: () =>
        failedOver({
          ...{ endpoints: {}, records: { apps: 'web-shop-dr.azurewebsites.net' } },
          ...{ bindings: {}, redirects: { 'app-page': ['https://web-shop-dr.azurewebsites.net/signed-in'] } },
        }),
    },
  ],
  'reprotect-region': [
    {
      words: 'a database whose failover group is gone',
      parameters: { app: 'shop', from: 'primary', reason: '' },
      azure: () => {
        const state = inTwoRegions({ off: ['shop-fog'] });
        state.databases['sql-dr'] = {};
        return state;
      },
    },
    {
      words: 'a database whose name another one has at the other place',
      parameters: { app: 'shop', from: 'primary', reason: '' },
      azure: () => inTwoRegions({ off: ['shop-fog'] }),
    },
  ],
  'remove-database': [
    {
      words: 'a database that a restore left behind',
      parameters: { app: 'shop', database: leftOver, reason: 'not needed' },
      azure: withLeftOver,
    },
  ],
  'recover-secret': [
    secretLost('a deleted secret', 'ClientSecret', (vault) => {
      Object.assign(vault.secrets['ClientSecret'] ?? {}, { deleted: true });
    }),
    secretLost('a purged password of an Entra application', 'ClientSecret', (vault) => {
      delete vault.secrets['ClientSecret'];
    }),
    secretLost('a purged storage connection string', 'StorageConnectionString', (vault) => {
      delete vault.secrets['StorageConnectionString'];
    }),
    secretLost('a purged secret that only people know', 'SqlConnectionString', (vault) => {
      delete vault.secrets['SqlConnectionString'];
    }),
    secretLost(
      'a deleted secret that is to get a new value',
      'SqlConnectionString',
      (vault) => {
        Object.assign(vault.secrets['SqlConnectionString'] ?? {}, { deleted: true });
      },
      'new',
    ),
    secretLost('a secret in a vault that is deleted itself', 'ClientSecret', (vault) => {
      vault.deleted = true;
      Object.assign(vault.secrets['ClientSecret'] ?? {}, { deleted: true });
    }),
  ],
  'recover-vault': [
    {
      words: 'a deleted vault',
      parameters: { app: 'shop', reason: 'deleted by mistake' },
      azure: () => withVault((vault) => Object.assign(vault, { deleted: true })),
    },
  ],
  'failover-region': [
    inGroup('Tier 3, the first region is silent', () => inTwoRegions({ down: ['sql-primary'] })),
    inGroup('Tier 3, by the DNS record', () =>
      inTwoRegions({
        ...{ endpoints: {}, records: { apps: 'web-shop.azurewebsites.net' }, bindings: {} },
      }),
    ),
    {
      words: 'a second region with nothing in it',
      parameters: { app: 'shop', region: 'westus2', reason: 'eastus is down' },
      azure: () => freshState(),
    },
    {
      words: 'a failover group that both regions answer for',
      parameters: { app: 'shop', region: 'westus2', reason: 'an exercise' },
      azure: () => inTwoRegions({}),
    },
    {
      words: 'a failover group, by force',
      parameters: { app: 'shop', region: 'westus2', how: 'forced', reason: 'eastus is down' },
      azure: () => inTwoRegions({}),
    },
    {
      words: 'a second region whose group is there',
      parameters: { app: 'shop', region: 'westus2', reason: 'eastus is down' },
      azure: () => ({ ...freshState(), resourceGroups: { 'group-dr': { run: 'somebody' } } }),
    },
  ],
};
