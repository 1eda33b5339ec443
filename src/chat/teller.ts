import type { Pool } from 'pg';
import type { Directory } from '../engine/directory';
import type { Engine, IncidentView } from '../engine/engine';
import type { Estate } from '../engine/estate';
import { runState } from '../incidents/run-state';
import { entryWords } from '../words/entry-words';
import type { Degraded } from './degraded';
import type { Draw } from './draw';
import type { Message, Outbox } from './outbox';
import type { References } from './references';
import { desiredSurfaces, type Surface } from './surfaces';
import { withThread } from './thread-for-terminal';

/** Puts what happens in an incident into the outbox: each entry as a line of its thread, and its cards redrawn. */
export interface Teller {
  /** Brings one incident's conversation up to date; `later` while it has none. Doing it twice says nothing twice. */
  readonly tell: (incident: string) => Promise<'told' | 'later'>;
  /** Incidents that may have something untold, or whose clocks go on. */
  readonly unfinished: () => Promise<readonly string[]>;
}

/** The teller over the engine's incidents. */
export function createTeller(ports: {
  readonly engine: Engine;
  readonly estate: Estate;
  readonly directory: Directory;
  readonly pool: Pool;
  readonly outbox: Outbox;
  readonly references: References;
  readonly draw: Draw;
  /** Told where an incident is followed while something is under way in it, and that nothing is any more. */
  readonly follow: Degraded['follow'];
  readonly now: () => Date;
}): Teller {
  const { engine, estate, directory, pool, outbox, references, draw, follow, now } = ports;

  async function tell(incident: string): Promise<'told' | 'later'> {
    const seen = await engine.incident(incident);
    if (!seen) return 'told';
    const view = await withThread(seen, { engine, estate, outbox });
    if (!view) return 'later';
    const told = await toldUpTo(pool, incident);
    const known = await references.acquaintances();
    const surfaces = desiredSurfaces(view, {
      people: directory.people(),
      mri: (person) => known.get(person.toLowerCase())?.mri ?? null,
      progress: engine.progress,
      now: now(),
    });
    const shown = await outbox.versions(surfaces.map(({ id }) => id));
    const changed = surfaces.filter(({ id, version }) => shown.get(id) !== version);
    const isHeadline = ({ shows }: Surface) => shows.card === 'headline';
    const headlines = await cards(view, changed.filter(isHeadline));
    const others = await cards(
      view,
      changed.filter((surface) => !isHeadline(surface)),
    );
    await outbox.put([...headlines, ...entryLines(view, told), ...others]);
    const over = view.runs.every((run) => run.finished !== null);
    await pool.query('update told set seq = greatest(seq, $2), over = $3 where incident = $1', [
      incident,
      view.entries.at(-1)?.seq ?? 0,
      over,
    ]);
    const { conversation } = view;
    const reference = over ? null : await references.of(conversation);
    follow(incident, reference && { conversation, reference });
    return 'told';
  }

  const cards = (view: IncidentView, surfaces: readonly Surface[]): Promise<readonly Message[]> =>
    Promise.all(
      surfaces.map(async ({ id, conversation, version, urgency, shows }) => ({
        ...{ id, conversation, version, urgency },
        content: { card: await draw.standing(view, id, shows) },
      })),
    );

  return {
    tell,
    unfinished: async () => {
      const { rows } = await pool.query<{ incident: string; seq: number; over: boolean }>(
        'select incident, seq, over from told',
      );
      const told = new Map(rows.map((row) => [row.incident, row]));
      // Also what is over, and was so before anybody here could tell it: it was finished at a terminal.
      return [...(await engine.lengths())]
        .filter(([incident, length]) => {
          const known = told.get(incident);
          return !known?.over || known.seq < length;
        })
        .map(([incident]) => incident);
    },
  };
}

async function toldUpTo(pool: Pool, incident: string): Promise<number> {
  const { rows } = await pool.query<{ seq: number }>(
    `insert into told (incident) values ($1) on conflict (incident) do update set incident = excluded.incident
     returning seq`,
    [incident],
  );
  return rows[0]?.seq ?? 0;
}

/** The lines of the entries after `told`, each drawn from the run as it stood then. */
const entryLines = (view: IncidentView, told: number): readonly Message[] =>
  view.entries.flatMap((entry, index) => {
    if (entry.seq <= told) return [];
    const run = entry.run === null ? null : runState(entry.run, view.entries.slice(0, index + 1));
    const { text, show } = entryWords(entry, run);
    if (!show) return [];
    const id = `entry:${view.incident}:${entry.seq}`;
    return [
      { id, conversation: view.conversation, version: 'entry', content: { text: `#${entry.seq} ${text}` } },
    ];
  });
