import { demoSubscription } from '../../src/simulator/seed';
import { groupPath } from './azure';

const subscription = `/subscriptions/${demoSubscription}/providers/Microsoft.Storage`;
const accounts = `${groupPath}/providers/Microsoft.Storage/storageAccounts`;
const account = `${accounts}/stappreqdemo01`;
const made = (round: number) => `${accounts}/stcontract${round}`;

/** What the routes of Azure Storage are asked, in this order. */
export const storageSteps = [
  {
    operation: 'StorageAccounts_CheckNameAvailability',
    path: `${subscription}/checkNameAvailability`,
    body: { name: 'stappreqdemo01', type: 'Microsoft.Storage/storageAccounts' },
    status: 200,
  },
  { operation: 'StorageAccounts_List', path: `${subscription}/storageAccounts`, status: 200 },
  { operation: 'StorageAccounts_ListByResourceGroup', path: accounts, status: 200 },
  { operation: 'StorageAccounts_GetProperties', path: account, status: 200 },
  {
    operation: 'StorageAccounts_GetProperties',
    path: account,
    query: '$expand=geoReplicationStats',
    status: 200,
  },
  {
    operation: 'StorageAccounts_Create',
    path: made,
    body: {
      sku: { name: 'Standard_GRS' },
      kind: 'StorageV2',
      location: 'eastus',
      tags: { for: 'contract' },
      properties: { minimumTlsVersion: 'TLS1_2', allowBlobPublicAccess: false },
    },
    status: 202,
  },
  { operation: 'StorageAccounts_ListKeys', path: (round: number) => `${made(round)}/listKeys`, status: 200 },
  {
    operation: 'StorageAccounts_RegenerateKey',
    path: (round: number) => `${made(round)}/regenerateKey`,
    body: { keyName: 'key1' },
    status: 200,
  },
  { operation: 'StorageAccounts_Failover', path: `${account}/failover`, status: 202 },
  { operation: 'StorageAccounts_GetProperties', path: account, status: 200 },
  {
    operation: 'StorageAccounts_Update',
    path: account,
    body: { sku: { name: 'Standard_RAGRS' } },
    status: 200,
  },
  {
    operation: 'StorageAccounts_GetProperties',
    path: account,
    query: '$expand=geoReplicationStats',
    status: 200,
  },
  { operation: 'StorageAccounts_Delete', path: made, status: 200 },
];
