import type { ProtectedApp } from '../../engine/estate';
import type { Verdict } from './verdict';

/** Microsoft's sign-in itself fails: nothing of the app's is broken. */
export const signInOutage: Verdict = {
  kind: 'by hand',
  title: "Wait for Microsoft's sign-in: nothing of the app's is broken",
  words:
    'The tenant\'s sign-in service does not answer as it should. No recovery of the app can mend that. Look at status.azure.com and status.cloud.microsoft, tell the users, call Azure support ("@dr contacts"), and look again.',
};

/** A vault that the app may not read, or that is gone for good. */
export const giveBack = (state: 'denied' | 'vault-missing', { vault, webApp }: ProtectedApp): Verdict =>
  state === 'denied'
    ? {
        kind: 'by hand',
        title: `Give ${webApp.app} back its access to ${vault.vault}`,
        words: `The secrets are there, and the app is not allowed to read them. In the portal open ${vault.vault}, Access control, and give the identity of ${webApp.app} the role Key Vault Secrets User. Then look again.`,
      }
    : {
        kind: 'by hand',
        title: `The Key Vault ${vault.vault} is gone for good`,
        words: `It exists neither among the vaults nor among the deleted ones. Deploy it again from the template under the same name, then look again: its secrets are given new values by Scenario 2.`,
      };
