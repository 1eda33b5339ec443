import type { EffectsOf } from '../arm/operations';
import type { StorageEffect } from './account';
import { accountNamed } from './find-account';
import { failOver } from './replication';

/** What each long-running operation of Azure Storage does when it ends. */
export const storageEffects: EffectsOf<StorageEffect> = {
  'storage.created': {
    succeed: (world, { account: name }) => {
      const account = accountNamed(world, name);
      if (account !== undefined) {
        account.state = 'Succeeded';
      }
    },
    // A creation that failed leaves no account.
    fail: (world, { account }) => {
      delete world.state.storageAccounts[account.toLowerCase()];
    },
  },
  'storage.failedOver': {
    succeed: (world, { account: name, planned }, time) => {
      const account = accountNamed(world, name);
      if (account !== undefined) {
        failOver(world, account, planned, time);
      }
    },
    // A failover that failed leaves the account as it was.
    fail: (world, { account: name }) => {
      const account = accountNamed(world, name);
      if (account !== undefined) {
        account.failoverInProgress = false;
      }
    },
  },
};
