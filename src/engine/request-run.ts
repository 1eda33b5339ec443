import type { Actor, Draft, Event } from '../incidents/event';
import { named } from '../incidents/human';
import type { Opening } from '../incidents/timeline';
import type { Person } from './approval';
import type { Conducting } from './conducting';
import type { ConductorPorts } from './conductor-ports';
import type { Engine } from './engine';
import { appNamed, type ProtectedApp } from './estate';
import { groundRules } from './ground-rules';

/** A person as the timeline names them, with every account of theirs that is known now. */
export const personActor = (person: Person, { via }: Pick<ConductorPorts, 'via'>): Actor => ({
  ...{ kind: 'person', ...named(person) },
  ...(via === undefined ? {} : { via }),
});

/** Writes a request down and starts its run; the same request id does so once. */
export async function requestRun(
  ports: ConductorPorts,
  conducting: Conducting,
  request: Parameters<Engine['request']>[0],
): ReturnType<Engine['request']> {
  const runbook = ports.runbooks.get(request.runbook);
  const app = appNamed(ports.estate, request.app);
  if (!runbook) return { refused: `There is no runbook "${request.runbook}".` };
  if (!app) return { refused: `The estate has no protected app "${request.app}".` };
  const parameters = { ...request.parameters, app: app.name };
  const parsed = runbook.parameters.safeParse(parameters);
  if (!parsed.success)
    return {
      refused: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    };
  const opened = await ports.timeline.openRun({
    ...{ id: request.id, conversation: request.conversation, app: app.name, at: request.at },
    first: (opening) => firstEntries(ports, app, runbook.title, request, parameters, opening),
  });
  if ('busy' in opened)
    return {
      refused: `${opened.busy} is still open for ${app.title}. Finish or abort it first: two runs must not change the same app at once.`,
    };
  const { run, incident } = opened;
  await conducting.begin({ incident, run });
  return { incident, run };
}

function firstEntries(
  ports: ConductorPorts,
  app: ProtectedApp,
  title: string,
  request: Parameters<Engine['request']>[0],
  parameters: Record<string, unknown> & Parameters<Engine['request']>[0]['parameters'],
  opening: Opening,
): readonly Draft[] {
  const actor = personActor(request.by, ports);
  const { run, entries } = opening;
  const { conversation, at: happenedAt, words } = request;
  const opened: Event = {
    ...{ type: 'incident.opened', title, severity: 'sev1', app: String(parameters['app']), conversation },
    simulated: ports.estate.simulated,
  };
  const requested: Event = {
    ...{ type: 'run.requested', runbook: request.runbook, title, parameters, words },
    ...groundRules(app, opening, happenedAt),
  };
  return [
    ...(entries.length === 0 ? [{ id: 'opened', run: null, actor, happenedAt, event: opened }] : []),
    { id: `${run}:requested`, run, actor, happenedAt, event: requested },
  ];
}
