import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import { createAccount } from './create-account';
import { failOver } from './fail-over';
import type { storageOperations } from './operations';
import { setRedundancy } from './set-redundancy';

/** How each change to a storage account is made. */
export const storageHandlers = (azure: Connection): HandlersOf<typeof storageOperations> => ({
  'storage.fail-over': failOver(azure),
  'storage.set-redundancy': setRedundancy(azure),
  'storage.create-account': createAccount(azure),
});
