import { DAY } from '../clock';
import type { State } from '../state';
import { clientSecretOf } from '../vault/seed-vaults';
import type { Application } from './state';

/** The two app registrations of the demo: the API, which has a password, and the page in the browser, which has none. */
export function seedApplications(state: State, now: Date): void {
  const made = new Date(now.getTime() - 180 * DAY);
  const api: Application = {
    objectId: '00000000-0000-0000-0000-00000000a1a1',
    appId: '00000000-0000-0000-0000-0000000000a1',
    displayName: 'App Store for Intune API',
    spaRedirectUris: [],
    webRedirectUris: ['https://apprequest-prod-demo01.azurewebsites.net/signin-oidc'],
    passwords: [
      {
        keyId: '00000000-0000-0000-0000-00000000c1d1',
        displayName: 'App Store for Intune',
        startDateTime: made.toISOString(),
        endDateTime: new Date(made.getTime() + 730 * DAY).toISOString(),
        value: clientSecretOf(state),
      },
    ],
  };
  const frontend: Application = {
    objectId: '00000000-0000-0000-0000-00000000a2a2',
    appId: '00000000-0000-0000-0000-0000000000a2',
    displayName: 'App Store for Intune',
    spaRedirectUris: [
      'https://apprequest-prod-demo01.azurewebsites.net',
      'https://apps.contoso.example',
      'http://localhost:5173',
    ],
    webRedirectUris: [],
    passwords: [],
  };
  for (const application of [api, frontend]) {
    state.applications[application.appId] = application;
  }
}
