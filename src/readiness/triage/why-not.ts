import type { Answers } from './answers';
import { extentOf } from './extent';
import type { Findings } from './finding';
import { type Scenario, scenarios, type Verdict, type WhyNot } from './verdict';

/** Why each scenario but the recommended one is not recommended, one line each. */
export function whyNot(findings: Findings, answers: Answers, verdict: Verdict): readonly WhyNot[] {
  const chosen = verdict.kind === 'recover' ? verdict.scenario : null;
  return (Object.keys(scenarios) as Scenario[])
    .filter((scenario) => scenario !== chosen)
    .map((scenario) => ({ scenario, words: reasons[scenario](findings, answers) }));
}

type Reason = (findings: Findings, answers: Answers) => string;

const reasons: { readonly [scenario in Scenario]: Reason } = {
  data: ({ app, database }, { data }) => {
    if (data?.value === 'no') return `${data.by} says that data is wrong. That comes after this.`;
    if (database.state === 'dropped') return 'The database is deleted. Its restore comes after this.';
    if (data?.value === 'yes') return `${data.by} says that the data is right.`;
    return app.state === 'green'
      ? 'Nobody has said that data is missing or wrong.'
      : 'Whether data is missing shows when the app is up again.';
  },
  secret: ({ secrets, signIn }) =>
    signIn.password === 'expired' || signIn.password === 'none'
      ? `${signIn.words} That comes after this.`
      : secrets.words,
  region: (findings, answers) => {
    const { is, because } = extentOf(findings, answers);
    if (is === 'region') return `It looks like it (${because}), but Azure must answer first.`;
    if (is === 'unconfirmed') return `Not confirmed: ${because}.`;
    return `Not the region: ${because}.`;
  },
  storage: ({ storage }) => storage.words,
  release: ({ app, changes }) => {
    if (app.state === 'green')
      return `The app is green${app.version === null ? '' : ` with version ${app.version}`}.`;
    if (app.state === 'stopped' || app.state === 'missing') return 'No version runs at all.';
    return changes.state === 'read' &&
      changes.changes.every(({ kind }) => kind !== 'settings' && kind !== 'deployment')
      ? 'No new version or setting in the last hours; what it depends on comes first.'
      : 'What the app depends on comes first.';
  },
};
