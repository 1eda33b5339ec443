import { readConfig } from '../../../src/config';
import type { ProtectedApp } from '../../../src/engine/estate';
import type { Answer, Answers, Question } from '../../../src/readiness/triage/answers';
import type { Change, Findings } from '../../../src/readiness/triage/finding';

/** The demo's protected app. */
export const app = readConfig({}).estate.apps[0] as ProtectedApp;

const at = '2026-02-14T02:13:05Z';
const unknown = (because: 'silent' | 'refused', words: string) => ({
  state: 'unknown' as const,
  because,
  words,
  at,
});

/** What the probes see of an app with which all is well. */
export const healthy: Findings = {
  azure: { state: 'answers', words: 'Azure Resource Manager answers.', at },
  app: { state: 'green', fails: [], version: '1.33.0', before: '1.32.0', words: 'HTTP 200, Healthy.', at },
  signIn: { state: 'answers', password: 'valid', words: 'Sign-in answers; the password is valid.', at },
  secrets: { state: 'fine', words: 'Every Key Vault reference resolves.', at },
  database: { state: 'online', words: 'AppRequestPortal is online.', at },
  storage: { state: 'reachable', geoRedundant: true, reported: false, words: 'stappreqdemo01 answers.', at },
  region: {
    state: 'read',
    resources: (['app', 'secrets', 'database', 'storage'] as const).map((part) => ({
      ...{ part, resource: `the ${part}`, state: 'available' as const },
    })),
    words: 'Azure Resource Health reports nothing.',
    at,
  },
  changes: { state: 'read', changes: [], words: 'No changes in the last 24 hours.', at },
};

/** A fault by its name: what it changes in what the probes see. */
export const faults = {
  'app unhealthy': { app: { ...healthy.app, state: 'unhealthy', words: 'HTTP 503, Unhealthy.' } },
  'app complains of its database': {
    app: { ...healthy.app, state: 'unhealthy', fails: ['database'], words: 'HTTP 503, database.' },
  },
  'app complains of its secrets': {
    app: { ...healthy.app, state: 'unhealthy', fails: ['secrets'], words: 'HTTP 503, secrets.' },
  },
  'app complains of its storage': {
    app: { ...healthy.app, state: 'unhealthy', fails: ['storage'], words: 'HTTP 503, storage.' },
  },
  'app failing': { app: { ...healthy.app, state: 'failing', version: null, words: 'HTTP 500.' } },
  'app turns the bot away': { app: { ...healthy.app, state: 'refused', version: null, words: 'HTTP 403.' } },
  'app silent': { app: { ...healthy.app, state: 'silent', version: null, words: 'No answer within 8 s.' } },
  'app stopped': { app: { ...healthy.app, state: 'stopped', version: null, words: 'App Service: Stopped.' } },
  'app deleted': { app: { ...healthy.app, state: 'missing', version: null, words: 'There is no such app.' } },
  'no earlier version known': { app: { ...healthy.app, state: 'failing', before: null, words: 'HTTP 500.' } },
  'azure silent': { azure: { state: 'silent', words: 'No answer within 8 s.', at } },
  'azure refuses': { azure: { state: 'refused', words: 'The client secret is wrong.', at } },
  'sign-in fails': { signIn: { state: 'failing', password: 'unknown', words: 'Sign-in: HTTP 503.', at } },
  'sign-in silent': { signIn: { state: 'silent', password: 'unknown', words: 'Sign-in is silent.', at } },
  'password expired': { signIn: { ...healthy.signIn, password: 'expired', words: 'The password expired.' } },
  'password gone': { signIn: { ...healthy.signIn, password: 'none', words: 'It has no password.' } },
  'password unknown': { signIn: { ...healthy.signIn, password: 'unknown', words: 'Sign-in answers.' } },
  'secret deleted': {
    secrets: {
      ...{ state: 'secret-lost', lost: { name: 'AzureAdClientSecret', how: 'deleted' } },
      ...{ words: 'AzureAdClientSecret is deleted.', at },
    },
  },
  'secret purged': {
    secrets: {
      ...{ state: 'secret-lost', lost: { name: 'SqlConnectionString', how: 'gone' } },
      ...{ words: 'SqlConnectionString is gone.', at },
    },
  },
  'secret not seen': {
    secrets: {
      ...{ state: 'secret-lost', lost: { name: 'SqlConnectionString', how: 'unseen' } },
      ...{ words: 'SqlConnectionString is not in the vault.', at },
    },
  },
  'secret unused': {
    secrets: {
      ...{ state: 'secret-lost', lost: { name: 'SqlConnectionString', how: 'unused' } },
      ...{ words: 'SqlConnectionString is in the vault.', at },
    },
  },
  'vault deleted': { secrets: { state: 'vault-deleted', words: 'The vault is deleted.', at } },
  'vault gone': { secrets: { state: 'vault-missing', words: 'There is no vault.', at } },
  'vault denied': { secrets: { state: 'denied', words: 'The app may not read it.', at } },
  'vault silent': { secrets: { state: 'unreachable', words: 'The vault does not answer.', at } },
  'references unresolved': { secrets: { state: 'unresolved', words: 'InvalidSyntax.', at } },
  'secrets unknown': { secrets: unknown('silent', 'Key Vault: did not answer within 8 s.') },
  'database dropped': { database: { state: 'dropped', words: 'AppRequestPortal was deleted.', at } },
  'database gone': { database: { state: 'missing', words: 'There is no AppRequestPortal.', at } },
  'database gone, deletions unread': { database: { state: 'absent', words: 'It is not there.', at } },
  'database busy': { database: { state: 'busy', words: 'AppRequestPortal is Restoring.', at } },
  'database down': { database: { state: 'down', words: 'AppRequestPortal is Inaccessible.', at } },
  'database silent': { database: { state: 'unreachable', words: 'Azure SQL does not answer.', at } },
  'database unknown': { database: unknown('refused', 'The bot may not read databases.') },
  'storage silent': {
    storage: {
      state: 'unreachable',
      geoRedundant: true,
      reported: true,
      words: 'stappreqdemo01 is silent.',
      at,
    },
  },
  'storage silent to the bot': {
    storage: {
      state: 'unreachable',
      geoRedundant: true,
      reported: false,
      words: 'stappreqdemo01 is silent to the bot.',
      at,
    },
  },
  'local storage silent': {
    storage: {
      state: 'unreachable',
      geoRedundant: false,
      reported: true,
      words: 'stappreqdemo01 is silent.',
      at,
    },
  },
  'storage deleted': {
    storage: { state: 'missing', geoRedundant: null, reported: true, words: 'It is deleted.', at },
  },
  'storage unknown': { storage: unknown('refused', 'The bot may not read storage.') },
  'region reported': {
    region: { state: 'read', resources: reported('unavailable'), words: 'Three are unavailable.', at },
  },
  'region unknown': { region: unknown('refused', 'The bot may not read Resource Health.') },
  'new settings': { changes: changed('settings') },
  'new deployment': { changes: changed('deployment') },
  'stopped by Anna': { changes: changed('stop') },
  'changes unknown': { changes: unknown('silent', 'The activity log did not answer.') },
} as const satisfies Readonly<Record<string, Partial<Findings>>>;

export type Fault = keyof typeof faults;

function reported(state: 'unavailable' | 'available') {
  return (['app', 'database', 'storage'] as const).map((part) => ({ part, resource: `the ${part}`, state }));
}

function changed(kind: Change['kind']): Findings['changes'] {
  const changes = [
    { at: '2026-02-14T01:58:00Z', by: 'anna@contoso.example', kind, resource: 'apprequest-prod-demo01' },
  ];
  return { state: 'read', changes, words: 'One change in the last 24 hours.', at };
}

/** What the probes see when all of this has happened at once. */
export const seeing = (...happened: readonly Fault[]): Findings =>
  Object.assign({}, healthy, ...happened.map((fault) => faults[fault])) as Findings;

/** What Alex says: `data no, sign-in yes`. */
export const saying = (words: string): Answers =>
  Object.fromEntries(
    words
      .split(',')
      .filter((one) => one.trim() !== '')
      .map((one) => {
        const [question, value] = one.trim().split(' ') as [Question, Answer['value']];
        return [question, { value, by: 'Alex Wilber', at: '2026-02-14T02:14:00Z', how: 'pressed' }];
      }),
  );
