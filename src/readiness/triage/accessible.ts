import type { ProtectedApp } from '../../engine/estate';
import type { Answer, Answers } from './answers';
import { giveBack, signInOutage } from './by-hand';
import { signInIsOut } from './extent';
import type { Findings } from './finding';
import { ends, turn, type Walked } from './path';
import {
  recoverSecret,
  recoverStorage,
  recoverVault,
  renewPassword,
  restoreData,
  restoreDropped,
} from './recoveries';
import type { Turn, Verdict } from './verdict';

/**
 * The app is green. What is broken under it is found before people are asked: a restore restarts the app, and with a
 * lost secret it would not come up again. Nothing that may lose data is proposed unless a person says what is wrong.
 */
export function accessible(findings: Findings, answers: Answers, app: ProtectedApp): Walked {
  const signIn = underSignIn(findings, app);
  const wrongData = isNo(answers.data);
  if (signIn)
    return ends(
      [signIn.turn],
      signIn.verdict,
      wrongData ? [`${told(answers.data)} Then Scenario 1: restore the data.`] : [],
    );
  if (isNo(answers['sign-in'])) {
    const noSignIn = cannotSignIn(findings, answers, app);
    if (noSignIn.verdict.kind === 'recover' || !wrongData) return noSignIn;
  }
  const { database } = findings;
  if (database.state === 'dropped')
    return ends(
      [canSignIn(findings, answers), turn('Is the data right?', 'No', database.words)],
      restoreDropped(app),
    );
  if (wrongData)
    return ends(
      [canSignIn(findings, answers), turn('Is the data right?', 'No', said(answers.data))],
      restoreData(app),
      isNo(answers['sign-in']) ? [`${told(answers['sign-in'])} Look at that next.`] : [],
    );
  return underneath(findings, answers, app) ?? asked(findings, answers);
}

const isNo = (answer: Answer | undefined): boolean => answer?.value === 'no';

/** What keeps users from signing in, or will at the app's next restart; null when nothing is seen. */
function underSignIn(
  findings: Findings,
  app: ProtectedApp,
): { readonly turn: Turn; readonly verdict: Verdict } | null {
  const { secrets, signIn } = findings;
  const question = 'Can users sign in?';
  const later = (because: string) =>
    turn(
      question,
      'Not after the next restart',
      `${because} The app still runs on the value it has in memory.`,
    );
  switch (secrets.state) {
    case 'secret-lost':
      return { turn: later(secrets.words), verdict: recoverSecret(app, secrets.lost) };
    case 'vault-deleted':
      return { turn: later(secrets.words), verdict: recoverVault(app) };
    case 'vault-missing':
    case 'denied':
      return { turn: later(secrets.words), verdict: giveBack(secrets.state, app) };
    default:
      break;
  }
  if (signIn.password === 'expired' || signIn.password === 'none')
    return { turn: turn(question, 'No', signIn.words), verdict: renewPassword(app) };
  if (signInIsOut(findings)) return { turn: turn(question, 'No', signIn.words), verdict: signInOutage };
  return null;
}

/** Users cannot sign in, and the probes do not see why. */
function cannotSignIn({ secrets, signIn }: Findings, answers: Answers, app: ProtectedApp): Walked {
  const path = [turn('Can users sign in?', 'No', said(answers['sign-in']))];
  const vault = turn('Key Vault issue?', secrets.state === 'fine' ? 'No' : 'Not known', secrets.words);
  const { password } = answers;
  if (password?.value === 'yes')
    return ends([...path, vault, passwordTurn('Expired', said(password))], renewPassword(app));
  if (signIn.password === 'unknown' && password === undefined)
    return ends([...path, vault], {
      kind: 'ask',
      title: 'One thing to look up before this can be decided',
      words: `Key Vault ${secrets.state === 'fine' ? 'is not the cause' : 'could not be read'}, and the bot cannot read the password of the app's Entra application.`,
      asks: ['password'],
    });
  return ends([...path, vault], {
    kind: 'by hand',
    title: 'Look at the Entra application: Key Vault is not the cause',
    words:
      "Compare the redirect URIs with the app's address, look at consent, Conditional Access and the sign-in logs in Entra ID. Nothing here calls for a recovery.",
  });
}

const passwordTurn = (answer: string, because: string): Turn =>
  turn("Is the app's client secret valid?", answer, because);

/** Parts that fail under a green app. Nothing irreversible follows from a probe alone. */
function underneath(findings: Findings, answers: Answers, app: ProtectedApp): Walked | null {
  const { storage } = findings;
  if (storage.state !== 'unreachable' && storage.state !== 'missing') return null;
  const path = [canSignIn(findings, answers), turn('Is the storage account reachable?', 'No', storage.words)];
  const { packaging } = answers;
  if (packaging?.value === 'yes')
    return ends(
      [...path, turn('Do packaging jobs fail?', 'Yes', said(packaging))],
      recoverStorage(app, storage),
    );
  if (packaging === undefined)
    return ends(path, {
      kind: 'ask',
      title: 'The app is green, but its storage account does not answer the bot',
      words:
        'A failover of storage may lose data, so it is not proposed for an app that works. One answer decides.',
      asks: ['packaging'],
    });
  return ends(
    [
      ...path,
      turn('Do packaging jobs fail?', packaging.value === 'no' ? 'No' : 'Not known', said(packaging)),
    ],
    {
      kind: 'gather',
      title: 'Leave storage alone, and look again',
      words: 'The app works. What the bot sees may be a firewall on the account or a short outage.',
    },
  );
}

/** All that can be seen is well: the rest only people know. */
function asked(findings: Findings, answers: Answers): Walked {
  const { data, 'sign-in': signIn } = answers;
  const blind = findings.signIn.password === 'unknown' || findings.secrets.state !== 'fine';
  const asks = [
    ...(blind && signIn === undefined ? (['sign-in'] as const) : []),
    ...(data === undefined ? (['data'] as const) : []),
  ];
  const path = [
    ...(signIn === undefined && blind ? [] : [canSignIn(findings, answers)]),
    ...(data === undefined
      ? []
      : [turn('Is the data right?', data.value === 'yes' ? 'Yes' : 'Not known', said(data))]),
  ];
  if (asks.length > 0)
    return ends(path, {
      kind: 'ask',
      title: 'The app works as far as the bot can see',
      words: `Only people know ${asks.length === 1 ? 'this' : 'these'}:`,
      asks,
    });
  if (data?.value === 'unsure' || signIn?.value === 'unsure')
    return ends(path, {
      kind: 'gather',
      title: 'Find out first, and change nothing until then',
      words: `${data?.value === 'unsure' ? 'Look at the newest requests and at the audit trail, and ask somebody who uses the app every day. ' : ''}${signIn?.value === 'unsure' ? 'Open the app in a private window and sign in. ' : ''}Then look again.`,
    });
  return ends(path, {
    kind: 'none',
    title: 'No recovery is needed',
    words:
      'The app is green, users can sign in and the data is right. Nothing was changed, and nothing needs to be.',
  });
}

/** What is known of signing in when nothing speaks against it. */
function canSignIn({ signIn, secrets }: Findings, answers: Answers): Turn {
  const answer = answers['sign-in'];
  if (answer) return turn('Can users sign in?', words[answer.value], said(answer));
  return turn(
    'Can users sign in?',
    signIn.password === 'valid' && secrets.state === 'fine' ? 'Yes' : 'Not known',
    signIn.words,
  );
}

const words = { yes: 'Yes', no: 'No', unsure: 'Not known' } as const;

/** `Alex Wilber said so at 02:13Z`. */
const said = (answer: Answer | undefined): string =>
  answer
    ? `${answer.by} ${answer.how === 'said' ? 'wrote it' : 'said so'} at ${answer.at.slice(11, 16)}Z`
    : 'nobody was asked';

const told = (answer: Answer | undefined): string =>
  `${answer?.by ?? 'Somebody'} says that this is wrong too.`;
