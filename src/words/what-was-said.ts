import { appNamed, type Estate } from '../engine/estate';
import type { RunbookCommand } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { readRestore } from './read-restore';

/** What somebody said behind a runbook's command. */
export interface Said {
  readonly app: string | undefined;
  /** Under the names of the form's inputs. */
  readonly known: JsonObject;
  readonly problem?: string | undefined;
}

/** Reads the words behind a runbook's command, as that runbook takes them. */
export function whatWasSaid(estate: Estate, takes: RunbookCommand['takes'], rest: string): Said {
  if (takes === 'database and moment') {
    const { app, database, timeText: time, problem } = readRestore(rest, { apps: restorable(estate) });
    return { app, problem, known: { ...(database && { database }), ...(time && { time }) } };
  }
  const [first = '', ...others] = rest.split(' ');
  const app = appNamed(estate, first)?.name;
  return { app, known: takes(app === undefined ? rest : others.join(' ')) };
}

/** The apps and databases that a person can name. */
const restorable = (estate: Estate) =>
  estate.apps.map(({ name, database }) => ({ name, databases: [database] }));
