import type { World } from '../world';
import { deleteSecret } from './secrets';
import type { Secret, Vault } from './state';
import { deleteVault, liveSecret, vaultNamed } from './vaults';

/** What an administrator does to vaults on a bad day: the disasters of a demo or a test. Every function throws for a name that is not there. */
export interface VaultsByHand {
  /** Soft-deletes a secret; it can be recovered. */
  readonly deleteSecret: (vault: string, secret: string) => void;
  /** Deletes a secret for good. */
  readonly purgeSecret: (vault: string, secret: string) => void;
  /** Soft-deletes a vault with all that is in it; the role assignments on it are gone for good. */
  readonly deleteVault: (vault: string) => void;
  /** The newest value of a secret that can be used, or undefined. */
  readonly valueOf: (vault: string, secret: string) => string | undefined;
}

/** The deeds, upon the state of the moment. `change` makes each of them lasting. */
export function vaultsByHand(world: World, change: (act: () => void) => void): VaultsByHand {
  const vault = (name: string): Vault => {
    const found = vaultNamed(world, name);
    if (found === undefined || found.deletedDate !== undefined) {
      throw new Error(`There is no vault ${name}. There is: ${Object.keys(world.state.vaults).join(', ')}.`);
    }
    return found;
  };
  const secretIn = (one: Vault, name: string): Secret => {
    const found = one.secrets[name.toLowerCase()];
    if (found === undefined) {
      const names = Object.values(one.secrets).map((secret) => secret.name);
      throw new Error(`There is no secret ${name} in ${one.name}. There is: ${names.join(', ')}.`);
    }
    return found;
  };
  return {
    deleteSecret: (name, secret) => change(() => deleteSecret(world, secretIn(vault(name), secret))),
    purgeSecret: (name, secret) =>
      change(() => {
        const one = vault(name);
        delete one.secrets[secretIn(one, secret).name.toLowerCase()];
      }),
    deleteVault: (name) => change(() => deleteVault(world, vault(name))),
    valueOf: (name, secret) => liveSecret(vault(name), secret)?.versions.at(-1)?.value,
  };
}
