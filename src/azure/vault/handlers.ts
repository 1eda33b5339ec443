import type { Connection } from '../connection';
import { removePassword } from '../graph/passwords';
import type { HandlersOf } from '../handlers';
import { letRead } from './let-read';
import type { vaultOperations } from './operations';
import { recoverSecret } from './recover-secret';
import { recoverVault } from './recover-vault';
import { setSecret } from './set-secret';

/** How each change to a Key Vault is made. */
export const vaultHandlers = (azure: Connection): HandlersOf<typeof vaultOperations> => ({
  'vault.recover-secret': recoverSecret(azure),
  'vault.recover-vault': recoverVault(azure),
  'vault.let-read': letRead(azure),
  'vault.set-secret': setSecret(azure),
  'entra.remove-password': removePassword(azure),
});
