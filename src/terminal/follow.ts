import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentView } from '../engine/engine';
import { appNamed } from '../engine/estate';
import type { RunState } from '../incidents/run-state';
import { clocks } from '../words/clocks';
import { sayDuration } from '../words/say';
import { situation } from '../words/situation';
import { type AtGate, answerGate } from './answer-gate';
import { answerPause } from './answer-pause';
import type { Desk } from './desk';
import { drawEntry } from './draw-entry';
import { openGates } from './draw-gate';
import { drawPlan } from './draw-plan';
import { drawReport } from './draw-report';
import { awaitedIn, enterValue } from './enter-value';
import { exitCodeFor } from './exit-code';
import { harmless, paintOf, wrap } from './look';
import { createProgressLines } from './progress-lines';

/** How often the run is looked at, also when nobody says that it moved. */
const LOOK_EVERY_MS = 1_000;

/**
 * Follows a run from what has happened in it to its end: tells each entry, shows each plan, takes answers. Gives the
 * exit code when it is over, or when it is left for others to answer.
 */
export async function follow(desk: Desk, incident: string, name: string): Promise<number> {
  const { console, engine, now } = desk;
  desk.follows(incident);
  const changes = watch(desk, incident);
  const progressLines = createProgressLines();
  let told = 0;
  let carriedOut: boolean | null = null;
  /** What was shown already and is left to others; shown again when it changes. */
  let left = '';
  try {
    for (;;) {
      const view = await engine.incident(incident);
      const run = view?.runs.find((one) => one.run === name);
      if (!view || !run) throw new Error(`There is no run ${name} in the store.`);
      if (carriedOut !== engine.carriesOut()) {
        carriedOut = engine.carriesOut();
        console.write(paintOf(console.look).dim(carrierWords(carriedOut, incident, console.look.width)));
      }
      told = tell(desk, view, run, told);
      if (run.finished) {
        console.write(drawReport(view, run, now(), console.look));
        return exitCodeFor(run);
      }
      const question = questionOf(run, desk);
      if (question !== null && question !== left) {
        const came = await answer(desk, run, changes, question);
        if (came === 'leave') {
          console.write(leaveWords(desk, incident));
          return exitCodeFor(run);
        }
        left = came === 'wait' ? question : '';
        if (came === 'answered') continue;
      }
      const progress = engine.progress(name);
      const { line } = situation(run, progress);
      const took = sayDuration(clocks(view.entries, run, now()).total);
      console.status(`${line} · ${took} since the request`);
      if (!console.interactive) for (const words of progressLines(run, progress)) console.write(words);
      await changes.next();
    }
  } finally {
    console.status('');
    changes.stop();
  }
}

/** What waits for a person here, as a word that changes when it does; null when nothing does. */
function questionOf(run: RunState, { now, account }: Desk): string | null {
  const person = account();
  if (run.pause) return `pause ${run.pause.number} ${person}`;
  const awaited = awaitedIn(run);
  if (awaited) return `value ${awaited.stage} ${person}`;
  const [gate] = openGates(run, now());
  if (!gate) return null;
  const voices = gate.votes.map(({ by, choice }) => `${by.id} ${choice}`).join();
  return `gate ${gate.stage} ${gate.planHash} ${voices} ${gate.escalatedAt ? 'escalated' : ''} ${person}`;
}

/** Shows what waits for a person, and takes the question back when somebody elsewhere has answered it. */
async function answer(desk: Desk, run: RunState, changes: Changes, question: string): Promise<AtGate> {
  const over = new AbortController();
  const [gate] = openGates(run, desk.now());
  let answered = false;
  const watching = (async () => {
    while (!answered) {
      await changes.next();
      const view = await desk.engine.incidentOfRun(run.run);
      const state = view?.runs.find((one) => one.run === run.run);
      if (!state || questionOf(state, desk) !== question) return over.abort();
    }
  })();
  try {
    if (run.pause) return await answerPause(desk, run, over.signal);
    const awaited = awaitedIn(run);
    if (awaited) return await enterValue(desk, run, awaited, over.signal);
    return gate ? await answerGate(desk, run, gate, over.signal) : 'wait';
  } finally {
    answered = true;
    changes.nudge();
    await watching;
  }
}

/** Tells the entries that were not told yet; plans are shown whole. Gives the number of the last one. */
function tell({ console, estate }: Desk, view: IncidentView, run: RunState, told: number): number {
  const newPlans = view.entries.filter(({ event }) => event.type === 'plan.compiled');
  for (const entry of view.entries) {
    if (entry.seq <= told || (entry.run !== null && entry.run !== run.run)) continue;
    const line = drawEntry(view, entry, console.look);
    if (line !== null) console.write(line);
    // Of several plans only the newest is worth reading.
    if (entry.run === run.run && entry === newPlans.at(-1))
      console.write(`${drawPlan(view, run, appNamed(estate, view.app) ?? null, console.look)}\n`);
  }
  return view.entries.at(-1)?.seq ?? told;
}

const carrierWords = (here: boolean, incident: string, width: number): string =>
  wrap(
    here
      ? `No bot is alive on this store, so this terminal carries the run out. Ctrl-C leaves it as it is: the bot, or "npm run play ${incident}", goes on with it.`
      : 'The bot is alive and carries the run out; this terminal shows it and takes answers. Ctrl-C leaves it as it is.',
    width,
  );

function leaveWords({ console }: Desk, incident: string): string {
  const { warning, bold } = paintOf(console.look);
  return `\n${warning('◆')} The run is left as it is. To come back: ${bold(`npm run play ${harmless(incident)}`)}`;
}

interface Changes {
  /** Ends when something may have changed, a second later at the latest. */
  readonly next: () => Promise<void>;
  readonly nudge: () => void;
  readonly stop: () => void;
}

function watch({ engine }: Desk, incident: string): Changes {
  let moved = new AbortController();
  const nudge = () => {
    const before = moved;
    moved = new AbortController();
    before.abort();
  };
  const stop = engine.onChange((changed) => {
    if (changed === incident) nudge();
  });
  return {
    nudge,
    stop,
    next: () => sleep(LOOK_EVERY_MS, undefined, { signal: moved.signal }).catch(() => undefined),
  };
}
