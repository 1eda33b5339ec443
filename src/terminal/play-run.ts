import { terminalPlace } from '../engine/begun-elsewhere';
import type { IncidentView } from '../engine/engine';
import { appNamed, type ProtectedApp } from '../engine/estate';
import { DECIDES, roleRefusal } from '../engine/may';
import type { Runbook } from '../engine/runbook';
import type { RunState } from '../incidents/run-state';
import { readCommand } from '../words/command';
import { whatWasSaid } from '../words/what-was-said';
import { type Desk, personWords } from './desk';
import { EXIT } from './exit-code';
import { fillForm } from './fill-form';
import { follow } from './follow';
import { harmless, paintOf, wrap } from './look';

/** Does what was asked for on the command line, and gives the exit code. */
export async function playRun(desk: Desk): Promise<number> {
  const { console, asked, person } = desk;
  console.write(
    `You are ${harmless(personWords(await person()))}, by your Azure sign-in. What you do here is marked "(terminal)".`,
  );
  if (asked.incident === null) return begin(desk, null);
  const view = await desk.engine.incident(asked.incident);
  if (!view)
    return refuse(desk, `There is no incident ${asked.incident}. "npm run play" shows those that are open.`);
  return asked.words === '' ? attach(desk, view) : begin(desk, view);
}

async function attach(desk: Desk, view: IncidentView): Promise<number> {
  const run = view.runs.findLast((one) => one.finished === null) ?? view.runs.at(-1);
  if (!run) return refuse(desk, `${view.incident} has no run.`);
  if (desk.asked.abort !== null) {
    const problem = await abort(desk, run, desk.asked.abort);
    if (problem !== null) return refuse(desk, problem);
  }
  await recordReading(desk, view.incident);
  return follow(desk, view.incident, run.run);
}

/** What is told on following a run in an incident is its timeline so far, and reading that is written down. */
async function recordReading({ engine, person, newId, now }: Desk, incident: string): Promise<void> {
  const event = { type: 'timeline.read', format: 'terminal' } as const;
  await engine.note({ id: `read:${newId()}`, incident, event, by: await person(), at: now() });
}

async function abort(
  { engine, person, newId, now }: Desk,
  run: RunState,
  reason: string,
): Promise<string | null> {
  const refusal = roleRefusal(await person(), DECIDES);
  if (refusal !== null) return refusal;
  const said = { id: newId(), run: run.run, by: await person(), at: now() };
  const answer = run.pause
    ? await engine.decide({ ...said, pause: run.pause.number, decision: { choice: 'stop', reason } })
    : await engine.abort({ ...said, reason });
  return answer.ok ? null : answer.words;
}

interface Meant {
  readonly runbook: Runbook;
  readonly app: ProtectedApp;
  readonly known: ReturnType<typeof whatWasSaid>['known'];
}

async function begin(desk: Desk, within: IncidentView | null): Promise<number> {
  const { engine, asked, person, newId, now } = desk;
  const refusal = roleRefusal(await person(), DECIDES);
  if (refusal !== null) return refuse(desk, refusal);
  const meant = meaning(desk, within);
  if (typeof meant === 'string') return refuse(desk, meant);
  const { app } = meant;
  const busy = (await engine.incidents('open')).find((view) => view.app === app.name);
  // Said before anybody fills in a form for nothing; the engine says it again to whoever comes in between.
  if (busy)
    return refuse(
      desk,
      `${busy.incident} is still open for ${app.title}, and two runs must not change the same app at once. Go on with it: npm run play ${busy.incident}. Or stop it: npm run play ${busy.incident} -- --abort --reason "why"`,
    );
  desk.console.write(`\n${paintOf(desk.console.look).bold(meant.runbook.title)} · ${app.title}`);
  const filled = await fillForm(desk, meant.runbook, app, {
    ...{ reason: asked.reason, ...meant.known, ...asked.inputs },
  });
  if (filled === 'refused') return EXIT.refused;
  const { runbook, parameters } = filled;
  const subject = runbook.subject?.(parameters) ?? '';
  const id = newId();
  const answer = await engine.request({
    ...{ id: `request:${id}`, app: app.name, runbook: runbook.name, parameters },
    words: subject === '' ? runbook.title : `${runbook.title}: ${subject}`,
    ...{ by: await person(), at: now(), conversation: within?.conversation ?? terminalPlace(id) },
  });
  if ('refused' in answer) return refuse(desk, `Not started: ${answer.refused}`);
  if (within?.incident === answer.incident) await recordReading(desk, answer.incident);
  return follow(desk, answer.incident, answer.run);
}

/** The runbook and the app that are meant; or why that is not clear, in words. */
function meaning({ engine, estate, asked }: Desk, within: IncidentView | null): Meant | string {
  const runbooks = [...engine.runbooks.values()];
  const [first = '', ...others] = asked.words.split(' ');
  const named = engine.runbooks.get(first.toLowerCase());
  const specs = runbooks.map((runbook) => ({ words: runbook.command.words, runbook }));
  const command = named ? null : readCommand(asked.words, specs);
  const runbook = named ?? (command?.kind === 'command' ? command.spec.runbook : null);
  if (!runbook) {
    const near =
      command?.kind === 'unknown' && command.nearest
        ? ` Did you mean "${command.nearest.runbook.name}"?`
        : '';
    return `There is no runbook "${asked.words}".${near} There are: ${runbooks.map(({ name }) => name).join(', ')}.`;
  }
  const rest = named ? others.join(' ') : command?.kind === 'command' ? command.rest : '';
  const said = whatWasSaid(estate, runbook.command.takes, rest);
  if (said.problem !== undefined) return said.problem;
  const name =
    asked.app ?? said.app ?? within?.app ?? (estate.apps.length === 1 ? estate.apps[0]?.name : undefined);
  const app = name === undefined ? undefined : appNamed(estate, name);
  if (app) return { runbook, app, known: said.known };
  const apps = estate.apps.map((one) => one.name).join(', ');
  return name === undefined
    ? `Say which app: --app <name>. There are: ${apps}.`
    : `The estate has no protected app "${name}". There are: ${apps}.`;
}

function refuse({ console }: Desk, words: string): number {
  console.write(paintOf(console.look).bad(wrap(`✗ ${harmless(words)}`, console.look.width, '  ')));
  return EXIT.refused;
}
