import type { Estate, ProtectedApp } from '../../src/engine/estate';
import { primary } from './fake-azure';
import { adele, alex, isaiah, megan } from './people';
import { oneApprover } from './plans';

const secondaryGroup = { subscriptionId: 'sub', resourceGroup: 'group-dr' };
const adminPassword = {
  vault: { subscriptionId: 'sub', resourceGroup: 'dr-bot', vault: 'kv-dr-bot' },
  secret: 'SqlAdminPassword',
};

/** The app of the small Azure: a shop with one database. */
export const shop: ProtectedApp = {
  ...{ name: 'shop', title: 'Shop', tier: 2, subscriptionId: 'sub', resourceGroup: 'group' },
  ...{ primaryRegion: 'eastus', secondaryRegion: 'westus2', sqlServer: primary, database: 'shop' },
  webApp: { subscriptionId: 'sub', resourceGroup: 'group', app: 'web-shop' },
  healthUrl: 'https://shop.example/health',
  vault: { subscriptionId: 'sub', resourceGroup: 'group', vault: 'kv-shop' },
  secrets: [
    { name: 'ClientSecret', kind: 'entra-client-secret', application: 'app-shop' },
    { name: 'SqlConnectionString', kind: 'entered' },
    { name: 'StorageConnectionString', kind: 'storage-connection-string' },
  ],
  storage: { subscriptionId: 'sub', resourceGroup: 'group', account: 'stshop' },
  packages: { url: 'https://packages.example/bin', name: 'Shop', channels: ['latest', 'preview'] },
  template: {
    from: { uri: 'https://templates.example/shop.json' },
    parameters: {},
    secureParameters: { sqlAdminPassword: adminPassword },
    sqlAdministrator: { login: 'admin', password: adminPassword },
  },
  secondary: {
    resourceGroup: 'group-dr',
    sqlServer: { ...secondaryGroup, server: 'sql-dr' },
    webApp: { ...secondaryGroup, app: 'web-shop-dr' },
    vault: { ...secondaryGroup, vault: 'kv-shop-dr' },
    storage: { ...secondaryGroup, account: 'stshopdr' },
    healthUrl: 'https://shop-dr.example/health',
  },
  trafficManager: { resourceGroup: 'group-dr', profile: 'shop-tm' },
  domain: { hostName: 'apps.shop.example', zone: 'shop.example', zoneResourceGroup: 'dns' },
  ...{ auditTrailUrl: 'https://shop.example/audit', auditTrailApplication: 'app-shop' },
  ...{ redirectApplications: ['app-page'], guards: [], breakGlass: null },
  objectives: { rtoMinutes: [60, 120], rpoMinutes: 5 },
  ...{ healthWithinMinutes: 0.01, channel: 'general' },
  gates: {
    begin: oneApprover,
    swap: oneApprover,
    commit: oneApprover,
    'clean-up': oneApprover,
    'fail-over': oneApprover,
    secrets: oneApprover,
  },
};

/** An estate of the shop and the demo's people. */
export const estate: Estate = {
  apps: [shop],
  people: [alex, megan, adele, isaiah],
  simulated: true,
  contacts: [],
  groups: [],
  supportPlan: 'Standard',
};
