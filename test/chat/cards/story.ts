import type { CardAction, Sign } from '../../../src/chat/action';
import type { Person } from '../../../src/engine/approval';
import type { IncidentView } from '../../../src/engine/engine';
import type { Actor, Draft, Entry } from '../../../src/incidents/event';
import { type RunState, runState } from '../../../src/incidents/run-state';
import { stories } from './stories';
import { at, start, type Told } from './told';

const bot: Actor = { kind: 'bot' };
const person = ({ id, name }: Person): Actor => ({ kind: 'person', id, name });

/** The incident that these events make, with its one run. */
export function incidentOf(told: readonly Told[]): { readonly view: IncidentView; readonly run: RunState } {
  const entries = told.map(
    ([minutes, who, event], index): Entry => ({
      ...{
        id: `e${index}`,
        incident: 'inc7',
        seq: index + 1,
        run: event.type === 'incident.opened' ? null : 'inc7-1',
      },
      ...{
        actor: who === 'bot' ? bot : person(who),
        event,
        happenedAt: at(minutes),
        recordedAt: at(minutes),
      },
      hash: `${index}`.padStart(64, '0'),
    }),
  );
  const run = runState('inc7-1', entries satisfies readonly Draft[]);
  if (!run) throw new Error('The story has no run.');
  const view: IncidentView = {
    ...{ incident: 'inc7', title: 'Restore AppRequestPortal', app: 'apprequest', conversation: '19:general' },
    ...{ simulated: true, openedAt: start, entries, runs: [run] },
    head: { seq: entries.length, hash: entries.at(-1)?.hash ?? '' },
  };
  return { view, run };
}

/** What happened in a story, by its name. */
export function tale(name: string): { readonly told: readonly Told[]; readonly now: number } {
  const found = new Map(Object.entries(stories)).get(name);
  if (!found) throw new Error(`There is no story "${name}".`);
  return found;
}

/** A story's incident, its run, and the moment in which it is looked at. */
export function story(name: string): {
  readonly view: IncidentView;
  readonly run: RunState;
  readonly now: Date;
} {
  const { told, now } = tale(name);
  return { ...incidentOf(told), now: at(now) };
}

/** Signs actions so that a test can tell what a button does. */
export function signing(): {
  readonly sign: Sign;
  readonly action: (token: unknown) => CardAction | undefined;
} {
  const actions = new Map<string, CardAction>();
  return {
    sign: (action) => {
      const token = `token-${actions.size}`;
      actions.set(token, action);
      return token;
    },
    action: (token) => actions.get(String(token)),
  };
}
