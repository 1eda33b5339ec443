import type { Estate } from '../engine/estate';
import type { Runbook } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { whatWasSaid } from '../words/what-was-said';
import { openForm } from './open-form';
import { type Desk, notice, type Turn, type Worked } from './turn';

/** Opens a runbook's form with what the person said after its command filled in. */
export function start(desk: Desk, turn: Turn, runbook: Runbook, rest: string): Promise<Worked> {
  return begin(desk, turn, {
    runbook: runbook.name,
    ...whatWasSaid(desk.estate, runbook.command.takes, rest),
  });
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
