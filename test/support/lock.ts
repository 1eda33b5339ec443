import { ManagementLockClient } from '@azure/arm-locks';
import { DefaultAzureCredential } from '@azure/identity';
import type { Lock } from '../../src/azure/azure';
import { server } from './demo-estate';

/** Puts a lock on a scope, as an owner would. The environment must point at a simulator already. */
export async function lock(scope: string, name: string, level: Lock['level']): Promise<void> {
  const client = new ManagementLockClient(new DefaultAzureCredential(), server.subscriptionId);
  await client.managementLocks.createOrUpdateByScope(scope.slice(1), name, { level });
}
