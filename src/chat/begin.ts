import { appNamed, type Estate } from '../engine/estate';
import type { JsonObject } from '../incidents/json';
import { openForm } from './open-form';
import { restorable } from './submit-form';
import { type Desk, notice, type Turn, type Worked } from './turn';
import { readRestore } from './words/read-restore';

/** Opens the form of "restore a database" with what the person said filled in. */
export async function restore(desk: Desk, turn: Turn, rest: string): Promise<Worked> {
  const said = readRestore(rest, { apps: restorable(desk.estate) });
  const known: JsonObject = {
    ...(said.database === undefined ? {} : { database: said.database }),
    ...(said.timeText === undefined ? {} : { time: said.timeText }),
  };
  return begin(desk, turn, { runbook: 'restore-database', app: said.app, known, problem: said.problem });
}

/** Opens the form that removes a database which a restore left behind. */
export async function remove(desk: Desk, turn: Turn, rest: string): Promise<Worked> {
  const [first = '', second] = rest.split(' ');
  const app = appNamed(desk.estate, first)?.name;
  const database = app === undefined ? first : (second ?? '');
  return begin(desk, turn, { runbook: 'remove-database', app, known: database === '' ? {} : { database } });
}

/** Opens a form that a button stands for. */
export const openAsked = (
  desk: Desk,
  turn: Turn,
  { runbook, app, known }: { readonly runbook: string; readonly app: string; readonly known: JsonObject },
): Promise<Worked> => begin(desk, turn, { runbook, app, known });

async function begin(
  desk: Desk,
  turn: Turn,
  asked: {
    readonly runbook: string;
    readonly app: string | undefined;
    readonly known: JsonObject;
    readonly problem?: string | undefined;
  },
): Promise<Worked> {
  const runbook = desk.engine.runbooks.get(asked.runbook);
  const app = appFor(desk.estate, asked.app);
  if (!runbook) {
    await notice(desk, turn, {
      title: 'Not available',
      words: `This bot has no runbook "${asked.runbook}".`,
      tone: 'problem',
    });
    return 'done';
  }
  if (app) {
    const { known, problem } = asked;
    return openForm(desk, turn, {
      runbook,
      app: app.name,
      known,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  await notice(desk, turn, {
    title: `${runbook.title}: of which app?`,
    words: asked.problem ?? 'Choose one.',
    tone: 'info',
    choices: desk.estate.apps.slice(0, 8).map(({ name, title }) => ({
      label: title,
      action: { verb: 'form', runbook: runbook.name, app: name, known: asked.known },
    })),
  });
  return 'done';
}

function appFor({ apps }: Estate, name: string | undefined) {
  if (name !== undefined) return apps.find((app) => app.name.toLowerCase() === name.toLowerCase());
  return apps.length === 1 ? apps[0] : undefined;
}
