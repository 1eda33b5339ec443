import type { Question } from '../../../src/readiness/triage/answers';
import { triage } from '../../../src/readiness/triage/triage';
import type { Verdict } from '../../../src/readiness/triage/verdict';
import { app, type Fault, faults, saying, seeing } from './seen';

/** A verdict in short: `recover-secret AzureAdClientSecret`, `ask data`, `by hand: Start …`. */
function inShort(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'recover':
      return [verdict.runbook, ...Object.values(verdict.known)].join(' ');
    case 'ask':
      return `ask ${verdict.asks.join(' and ')}`;
    case 'none':
      return 'nothing';
    default:
      return `${verdict.kind}: ${verdict.title}`;
  }
}

const decided = (happened: readonly Fault[], said = '') =>
  inShort(triage(seeing(...happened), saying(said), app).verdict);

type Case = readonly [sentence: string, happened: readonly Fault[], said: string, verdict: string];

const single: readonly Case[] = [
  ['a healthy app asks people about its data alone', [], '', 'ask data'],
  ['a healthy app with right data needs nothing', [], 'data yes', 'nothing'],
  ['a healthy app with wrong data is restored', [], 'data no', 'restore-database AppRequestPortal'],
  [
    'a healthy app of which nobody knows is left alone',
    [],
    'data unsure',
    'gather: Find out first, and change nothing until then',
  ],
  [
    'users who cannot sign in to a sound app are no recovery',
    [],
    'sign-in no',
    'by hand: Look at the Entra application: Key Vault is not the cause',
  ],
  ['an unhealthy app without a known cause is rolled back', ['app unhealthy'], '', 'rollback-app 1.32.0'],
  ['an app that only errs is rolled back', ['app failing'], '', 'rollback-app 1.32.0'],
  ['an app that is silent while all else answers is rolled back', ['app silent'], '', 'rollback-app 1.32.0'],
  ['an app that turns the bot away is asked about', ['app turns the bot away'], '', 'ask reach'],
  [
    'an app that turns nobody but the bot away is looked at as one that works',
    ['app turns the bot away'],
    'reach yes',
    'ask data',
  ],
  [
    'an app that turns everybody away is rolled back',
    ['app turns the bot away'],
    'reach no',
    'rollback-app 1.32.0',
  ],
  [
    'of an app that turns the bot away, what is seen to be broken is mended',
    ['app turns the bot away', 'secret deleted'],
    '',
    'recover-secret AzureAdClientSecret',
  ],
  [
    'a secret that may be among deleted ones which cannot be listed gets no new value',
    ['app failing', 'secret not seen'],
    '',
    'recover-secret SqlConnectionString',
  ],
  [
    'a database that may be among deleted ones which cannot be read is looked for',
    ['app failing', 'database gone, deletions unread'],
    '',
    'gather: The database AppRequestPortal is not there, and whether it was deleted is not known',
  ],
  [
    'a rollback without a known earlier version asks for it in the form',
    ['no earlier version known'],
    '',
    'rollback-app',
  ],
  [
    'an app whose complaint is not true any more is restarted',
    ['app complains of its database'],
    '',
    'by hand: Restart apprequest-prod-demo01',
  ],
  [
    'an app that started before its secrets came back is restarted',
    ['app complains of its secrets'],
    '',
    'by hand: Restart apprequest-prod-demo01',
  ],
  ['a stopped app is started', ['app stopped'], '', 'by hand: Start apprequest-prod-demo01 again'],
  [
    'a deleted app is brought back from the deleted ones',
    ['app deleted'],
    '',
    'by hand: Bring the deleted app apprequest-prod-demo01 back',
  ],
  ['a healthy app while Azure is silent still asks people', ['azure silent'], '', 'ask data'],
  ['a healthy app while Azure refuses the bot still asks people', ['azure refuses'], '', 'ask data'],
  [
    'an outage of sign-in is no recovery',
    ['sign-in fails'],
    '',
    "by hand: Wait for Microsoft's sign-in: nothing of the app's is broken",
  ],
  [
    'a silent sign-in is no recovery',
    ['sign-in silent'],
    '',
    "by hand: Wait for Microsoft's sign-in: nothing of the app's is broken",
  ],
  ['an expired password is renewed', ['password expired'], '', 'recover-secret AzureAdClientSecret new'],
  ['a password that is gone is renewed', ['password gone'], '', 'recover-secret AzureAdClientSecret new'],
  ['a password that cannot be read makes the bot ask', ['password unknown'], '', 'ask sign-in and data'],
  [
    'a deleted secret is recovered before the app restarts',
    ['secret deleted'],
    '',
    'recover-secret AzureAdClientSecret',
  ],
  ['a purged secret gets a new value', ['secret purged'], '', 'recover-secret SqlConnectionString new'],
  ['a deleted vault is recovered', ['vault deleted'], '', 'recover-vault'],
  [
    'a vault that is gone for good is deployed anew',
    ['vault gone'],
    '',
    'by hand: The Key Vault kv-appreq-demo01 is gone for good',
  ],
  [
    'lost access to the vault is given back',
    ['vault denied'],
    '',
    'by hand: Give apprequest-prod-demo01 back its access to kv-appreq-demo01',
  ],
  ['a silent vault under a green app makes the bot ask', ['vault silent'], '', 'ask sign-in and data'],
  ['unknown secrets under a green app make the bot ask', ['secrets unknown'], '', 'ask sign-in and data'],
  [
    'a dropped database under a green app is restored',
    ['database dropped'],
    '',
    'restore-database AppRequestPortal',
  ],
  ['an unknown database under a green app changes nothing', ['database unknown'], '', 'ask data'],
  ['silent storage under a green app is no failover', ['storage silent'], '', 'ask packaging'],
  ['unknown storage under a green app changes nothing', ['storage unknown'], '', 'ask data'],
  ['a region reported as failing under a green app is no failover', ['region reported'], '', 'ask data'],
  ['an unreadable Resource Health changes nothing', ['region unknown'], '', 'ask data'],
  ['new settings under a green app are no rollback', ['new settings'], '', 'ask data'],
  ['an unreadable activity log changes nothing', ['changes unknown'], '', 'ask data'],
];

const red = 'app complains of its database';
const combined: readonly Case[] = [
  [
    'a secret came back, and App Service has not seen it',
    ['app complains of its secrets', 'secret unused'],
    '',
    'recover-secret SqlConnectionString',
  ],
  [
    'the app fails, and storage is silent to the bot while Azure calls it available',
    ['app failing', 'storage silent to the bot'],
    '',
    'gather: Not enough is known to recommend anything',
  ],
  [
    'the app complains of storage that is silent to the bot too',
    ['app complains of its storage', 'storage silent to the bot'],
    '',
    'failover-storage',
  ],
  [
    'a secret is lost and the app is down',
    ['app complains of its secrets', 'secret deleted'],
    '',
    'recover-secret AzureAdClientSecret',
  ],
  [
    'a purged secret took the app down',
    ['app complains of its secrets', 'secret purged'],
    '',
    'recover-secret SqlConnectionString new',
  ],
  [
    'the vault is deleted and the app is down',
    ['app complains of its secrets', 'vault deleted'],
    '',
    'recover-vault',
  ],
  [
    'the vault is gone for good and the app is down',
    ['app failing', 'vault gone'],
    '',
    'by hand: The Key Vault kv-appreq-demo01 is gone for good',
  ],
  [
    'the app may not read its vault',
    ['app complains of its secrets', 'vault denied'],
    '',
    'by hand: Give apprequest-prod-demo01 back its access to kv-appreq-demo01',
  ],
  [
    'the vault alone is silent',
    ['app complains of its secrets', 'vault silent'],
    '',
    'gather: The Key Vault kv-appreq-demo01 does not answer',
  ],
  [
    'a reference is misspelt',
    ['app complains of its secrets', 'references unresolved'],
    '',
    "by hand: Mend the app's Key Vault references",
  ],
  ['the database is dropped', [red, 'database dropped'], '', 'restore-database AppRequestPortal'],
  [
    'the database is gone for good',
    [red, 'database gone'],
    '',
    'by hand: The database AppRequestPortal is neither there nor among the deleted ones',
  ],
  [
    'the database is being restored already',
    [red, 'database busy'],
    '',
    'gather: Azure is still working on the database',
  ],
  [
    'the database is inaccessible',
    [red, 'database down'],
    '',
    'gather: The database AppRequestPortal is there and cannot be used',
  ],
  [
    'Azure SQL alone is silent',
    [red, 'database silent'],
    '',
    'gather: Azure SQL does not answer, asked for AppRequestPortal',
  ],
  [
    'storage is silent and the app says so',
    ['app complains of its storage', 'storage silent'],
    '',
    'failover-storage',
  ],
  [
    'storage without a copy is silent',
    ['app complains of its storage', 'local storage silent'],
    '',
    'replace-storage',
  ],
  ['storage is deleted', ['app complains of its storage', 'storage deleted'], '', 'replace-storage'],
  [
    'storage is silent to the bot alone',
    [red, 'storage silent'],
    '',
    'by hand: Restart apprequest-prod-demo01',
  ],
  [
    'packaging fails on silent storage under a green app',
    ['storage silent'],
    'packaging yes',
    'failover-storage',
  ],
  [
    'packaging runs on silent storage',
    ['storage silent'],
    'packaging no',
    'gather: Leave storage alone, and look again',
  ],
  [
    'nobody knows about packaging',
    ['storage silent'],
    'packaging unsure',
    'gather: Leave storage alone, and look again',
  ],
  [
    'all is silent and Resource Health says so',
    ['app silent', 'vault silent', 'database silent', 'storage silent', 'region reported'],
    '',
    'failover-region westus2',
  ],
  [
    'Resource Health alone reports the region, and the app fails',
    ['app failing', 'secrets unknown', 'database unknown', 'storage unknown', 'region reported'],
    '',
    'failover-region westus2',
  ],
  [
    'all is silent and Resource Health knows nothing yet',
    ['app silent', 'vault silent', 'database silent', 'storage silent'],
    '',
    'ask reach',
  ],
  [
    'all is silent and Resource Health cannot be read',
    ['app silent', 'vault silent', 'database silent', 'storage silent', 'region unknown'],
    '',
    'ask reach',
  ],
  [
    'a person confirms that the region is down',
    ['app silent', 'vault silent', 'database silent', 'storage silent'],
    'reach no',
    'failover-region westus2',
  ],
  [
    'a person can open what the bot cannot',
    ['app silent', 'vault silent', 'database silent', 'storage silent'],
    'reach yes',
    "gather: The bot's own connection to the region may be the cause",
  ],
  [
    'nobody knows whether the region is down',
    ['app silent', 'vault silent', 'database silent', 'storage silent'],
    'reach unsure',
    'gather: Try the app from another network, then look again',
  ],
  [
    'nothing answers, not even sign-in',
    [
      'app silent',
      'azure silent',
      'sign-in silent',
      'secrets unknown',
      'database unknown',
      'storage silent',
      'region unknown',
      'changes unknown',
    ],
    '',
    "gather: The bot's own connection may be the cause",
  ],
  [
    'nothing answers, and a person says that data is gone',
    ['app silent', 'azure silent', 'sign-in silent', 'storage silent'],
    'data no',
    "gather: The bot's own connection may be the cause",
  ],
  [
    'the app and storage fail while the vault answers',
    ['app failing', 'storage silent'],
    '',
    'failover-storage',
  ],
  [
    'the app is down and Azure is silent',
    [
      'app failing',
      'azure silent',
      'secrets unknown',
      'database unknown',
      'storage unknown',
      'region unknown',
      'changes unknown',
    ],
    '',
    'gather: Not enough is known to recommend anything',
  ],
  [
    'the app is down with a lost secret, and Azure refuses the bot',
    ['app failing', 'azure refuses', 'secret deleted'],
    '',
    "gather: Azure refuses the bot's sign-in",
  ],
  ['a new setting came before the failure', ['app failing', 'new settings'], '', 'rollback-app 1.32.0'],
  ['a new deployment came before the complaint', [red, 'new deployment'], '', 'rollback-app 1.32.0'],
  [
    'a new setting came before the failure, and little else is known',
    ['app failing', 'secrets unknown', 'database unknown', 'new settings'],
    '',
    'rollback-app 1.32.0',
  ],
  [
    'the app fails and the secrets are unknown',
    ['app failing', 'secrets unknown'],
    '',
    'gather: Not enough is known to recommend anything',
  ],
  [
    'the app fails and the database is unknown',
    [red, 'database unknown'],
    '',
    'gather: Not enough is known to recommend anything',
  ],
  [
    'a new setting and a lost secret',
    ['app failing', 'new settings', 'secret deleted'],
    '',
    'recover-secret AzureAdClientSecret',
  ],
  [
    'the secret and the database are both deleted',
    ['app complains of its secrets', 'secret deleted', 'database dropped'],
    '',
    'recover-secret AzureAdClientSecret',
  ],
  [
    'the vault and storage are both deleted',
    ['app failing', 'vault deleted', 'storage deleted'],
    '',
    'recover-vault',
  ],
  [
    'the database is dropped and storage is silent',
    ['app unhealthy', 'database dropped', 'storage silent'],
    '',
    'restore-database AppRequestPortal',
  ],
  ['a secret is lost and data is wrong', ['secret deleted'], 'data no', 'recover-secret AzureAdClientSecret'],
  [
    'the password has expired and data is wrong',
    ['password expired'],
    'data no',
    'recover-secret AzureAdClientSecret new',
  ],
  [
    'the password has expired and the app is down',
    ['app failing', 'password expired'],
    '',
    'recover-secret AzureAdClientSecret new',
  ],
  [
    'sign-in is out and the app is down',
    ['app failing', 'sign-in fails'],
    '',
    "by hand: Wait for Microsoft's sign-in: nothing of the app's is broken",
  ],
  [
    'the app is stopped and a secret is lost',
    ['app stopped', 'stopped by Anna', 'secret deleted'],
    '',
    'by hand: Start apprequest-prod-demo01 again',
  ],
  [
    'the app is deleted and so is the database',
    ['app deleted', 'database dropped'],
    '',
    'by hand: Bring the deleted app apprequest-prod-demo01 back',
  ],
  ['users cannot sign in, and the password is unknown', ['password unknown'], 'sign-in no', 'ask password'],
  [
    'users cannot sign in, and the password has expired',
    ['password unknown'],
    'sign-in no, password yes',
    'recover-secret AzureAdClientSecret new',
  ],
  [
    'users cannot sign in, and the password is good',
    ['password unknown'],
    'sign-in no, password no',
    'by hand: Look at the Entra application: Key Vault is not the cause',
  ],
  [
    'users cannot sign in and data is wrong',
    ['password unknown'],
    'sign-in no, data no',
    'restore-database AppRequestPortal',
  ],
  [
    'users can sign in, and data is wrong',
    ['password unknown'],
    'sign-in yes, data no',
    'restore-database AppRequestPortal',
  ],
  ['users can sign in, and data is right', ['password unknown'], 'sign-in yes, data yes', 'nothing'],
  [
    'nobody knows whether users can sign in, and data is right',
    ['password unknown'],
    'sign-in unsure, data yes',
    'gather: Find out first, and change nothing until then',
  ],
  [
    'data is wrong, and Azure does not answer',
    ['azure silent'],
    'data no',
    'gather: Azure Resource Manager does not answer',
  ],
  ['data is right, and the app is down', ['app failing'], 'data yes', 'rollback-app 1.32.0'],
  ['data is wrong, and the app is down', ['app failing'], 'data no', 'rollback-app 1.32.0'],
];

test.each(single)('%s', (_sentence, happened, said, verdict) =>
  expect(decided(happened, said)).toBe(verdict),
);

test.each(combined)('%s', (_sentence, happened, said, verdict) =>
  expect(decided(happened, said)).toBe(verdict),
);

test('there are at least thirty combinations, and every fault is in some case', () => {
  expect(combined.length).toBeGreaterThanOrEqual(30);
  const used = new Set([...single, ...combined].flatMap(([, happened]) => happened));
  expect([...used].sort()).toEqual(Object.keys(faults).sort());
});

test('the evidence is the way through the tree, in its own questions', () => {
  const { path } = triage(seeing('app complains of its secrets', 'secret deleted'), {}, app);

  expect(path.map(({ question, answer }) => `${question} ${answer}`)).toEqual([
    'Is the application accessible? No',
    'Is it a single resource or the entire region? A single resource',
    'Which one? Key Vault',
  ]);
  expect(path.at(-1)?.because).toBe('AzureAdClientSecret is deleted.');
});

test('what is wrong as well is not forgotten', () => {
  const { afterwards } = triage(seeing('app failing', 'secret deleted', 'database dropped'), {}, app);

  expect(afterwards).toEqual(['SQL too: AppRequestPortal was deleted.']);
});

test('who said what is part of the evidence', () => {
  const { path } = triage(seeing(), saying('data no'), app);

  expect(path.at(-1)).toEqual({
    ...{ question: 'Is the data right?', answer: 'No', because: 'Alex Wilber said so at 02:14Z' },
  });
});

test('who stopped the app, and when, is said', () => {
  const { verdict } = triage(seeing('app stopped', 'stopped by Anna'), {}, app);

  expect(verdict.words).toContain('anna@contoso.example, 01:58Z');
});

test('an app without a secret for its password is mended by hand', () => {
  const { verdict } = triage(seeing('password expired'), {}, { ...app, secrets: [] });

  expect(inShort(verdict)).toBe("by hand: Make a new client secret for the app's Entra application");
});

test('a question is asked with its words', () => {
  const asked: readonly Question[] = ['data'];
  expect(triage(seeing(), {}, app).verdict).toMatchObject({ kind: 'ask', asks: asked });
});
