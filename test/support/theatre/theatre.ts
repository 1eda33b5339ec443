import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Azure } from '../../../src/azure/azure';
import { readConfig } from '../../../src/config';
import type { Person } from '../../../src/engine/approval';
import { type RunningEngine, startEngine } from '../../../src/engine/create-engine';
import { createDbos } from '../../../src/engine/dbos-durable';
import type { Estate } from '../../../src/engine/estate';
import { loadRunbooks } from '../../../src/engine/load-runbooks';
import type { Compiled, Runbook } from '../../../src/engine/runbook';
import type { Decision, Entry } from '../../../src/incidents/event';
import type { Stage } from '../../../src/incidents/plan';
import type { RunState } from '../../../src/incidents/run-state';
import { createTimeline } from '../../../src/incidents/timeline';
import type { JournalEntry } from '../../../src/simulator/journal';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator';
import { openStore, type Store } from '../../../src/store/store';
import type { Scenario } from '../../scenarios/scenario';
import { azureAgainst } from '../azure-against';
import { ARRIVES_WITHIN_MS } from '../late';
import { temporaryStore } from '../temporary-store';
import { isChange } from './changes';
import { watchedTimeline } from './watched-timeline';

const now = (): Date => new Date();
/** What a check may wait for, in minutes: as nothing takes longer here, it is over soon where it will not come. */
const CHECK_MINUTES = 0.15;

/** The bot's own runbooks, with little patience for a check that does not pass. */
const runbooks = new Map(
  [...loadRunbooks(join(__dirname, '..', '..', '..', 'src', 'runbooks'))].map(([name, runbook]) => [
    name,
    {
      ...runbook,
      compile: (...asked: Parameters<Runbook['compile']>) => runbook.compile(...asked).then(impatient),
    },
  ]),
);

const impatient = (compiled: Compiled): Compiled =>
  'plan' in compiled ? { plan: { ...compiled.plan, stages: compiled.plan.stages.map(soonOver) } } : compiled;

const soonOver = (stage: Stage): Stage =>
  stage.kind === 'check' ? { ...stage, withinMinutes: Math.min(stage.withinMinutes, CHECK_MINUTES) } : stage;

/** How long one call to Azure may take here, in milliseconds: a stall is found out at once. */
export const DEADLINE_MS = 1_500;
/** What Azure works on for an hour is over here in a tenth of a second; this long it stands still, a reading too. */
const STANDSTILL_MS = 3_000;
const TOO_LONG_MS = 60_000;
/** How often people look how the run stands, in milliseconds. */
export const LOOK_EVERY_MS = 80;
/** The same where something is to be done at a certain moment of the run. */
const LOOK_CLOSELY_MS = 5;

/** The estate that a scenario is played in: the demo's own, with little patience for a red app. */
export function estateOf({ estate: change }: Scenario): Estate {
  const demo = readConfig({ ESTATE_FILE: 'infra/estate.demo.yaml' }).estate;
  const impatient = { ...demo, apps: demo.apps.map((app) => ({ ...app, healthWithinMinutes: 0.05 })) };
  return change?.(impatient) ?? impatient;
}

/** Starts the real engine on a store and the real adapters; its waits are cut short. `more` stands in for what it is made of. */
export const startOn = (
  store: Pick<Store, 'pool' | 'url'>,
  azure: Azure,
  estate: Estate,
  more: Partial<Parameters<typeof startEngine>[0]> = {},
): Promise<RunningEngine> =>
  startEngine({
    ...{ pool: store.pool, azure, now, estate, runbooks },
    timeline: createTimeline(store.pool, now),
    durable: createDbos({ url: store.url, executor: 'bot', log: () => undefined }),
    sleep: (ms) => pause(Math.min(ms / 4, 100)),
    standstillMs: () => STANDSTILL_MS,
    arrivesWithinMs: ARRIVES_WITHIN_MS,
    ...more,
  });

/** One person who asked, and one for every seat that a gate has. */
export const peopleOf = ({ people }: Estate) => {
  const asks = people.find((person) => person.roles.includes('responder'));
  if (!asks) throw new Error('Nobody in the estate may ask for a run.');
  return { asks, answer: people.filter((person) => person.id !== asks.id) };
};

/** Gives the answer of everybody who may to every gate that is open; tells each vote that was acknowledged, by its id. */
export async function answerGates(
  engine: RunningEngine,
  { run, plan, gates, planHash }: RunState,
  people: readonly Person[],
  answers: Scenario['answers'] = {},
  acknowledged: (vote: string) => void = () => undefined,
): Promise<void> {
  for (const stage of plan?.stages ?? []) {
    const gate = gates[stage.name];
    if (stage.kind !== 'gate' || !gate || gate.closed || gate.planHash !== planHash) continue;
    const choice = answers[stage.name] ?? stage.options[0]?.choice ?? '';
    for (const by of people.filter((one) => !gate.votes.some((vote) => vote.by.id === one.id))) {
      const id = `vote:${stage.name}:${gate.round}:${by.id}`;
      const { ok } = await engine.vote({
        ...{ id, run, stage: stage.name, planHash: gate.planHash, choice, reason: '', by, at: now() },
      });
      if (ok) acknowledged(id);
    }
  }
}

/** How a play ended. */
export interface Played {
  readonly state: RunState;
  readonly entries: readonly Entry[];
  /** What reached Azure while it was played. */
  readonly journal: readonly JournalEntry[];
  /** The states in which it paused. */
  readonly pauses: readonly RunState[];
  /** Whether a fault that was put in its way was ever met. */
  readonly met: boolean;
}

/** A simulator, a store, and the engine between them; plays one scenario after another. */
export interface Theatre {
  readonly simulator: Simulator;
  readonly azure: Azure;
  readonly play: (
    scenario: Scenario,
    direction?: {
      /** Called when the disaster has happened and nothing was asked for yet. */
      readonly before?: () => void;
      /** Called when the first change has reached Azure, before it is answered. */
      readonly onFirstChange?: () => void;
      /** Called when the run is about to take everything back. */
      readonly onUndo?: () => void;
      /** Called whenever the run is looked at, before anybody answers its gates. */
      readonly meanwhile?: (state: RunState, engine: RunningEngine) => Promise<void>;
      /** The answers as the run stands; the scenario's own unless told. */
      readonly answers?: (state: RunState) => Scenario['answers'];
      /** How long after the run's end something may still come to Azure, in milliseconds; none unless told. */
      readonly lingerMs?: number;
      /** What people do about a pause: by default they mend the cause and try again. */
      readonly onPause?: (state: RunState) => Decision;
    },
  ) => Promise<Played>;
  /** An empty database of its own, for a bot in a process of its own. */
  readonly database: () => Promise<{
    readonly url: string;
    readonly pool: Pool;
    readonly drop: () => Promise<void>;
  }>;
  readonly close: () => Promise<void>;
}

const tryAgain = (): Decision => ({ choice: 'retry' });

let plays = 0;

/** Opens a theatre. One at a time in a process, since the durable engine is one for each process. */
export async function openTheatre(options: { readonly speed?: number } = {}): Promise<Theatre> {
  const [store, simulator] = await Promise.all([
    temporaryStore(),
    startSimulator({ speed: options.speed ?? 60_000 }),
  ]);
  const openAzure = () => azureAgainst(simulator, { deadlineMs: DEADLINE_MS, longReadingMs: STANDSTILL_MS });
  const azure = openAzure();

  const play: Theatre['play'] = async (
    scenario,
    { before, onFirstChange, onUndo, meanwhile, answers, lingerMs = 0, onPause = tryAgain } = {},
  ) => {
    plays += 1;
    simulator.reset(scenario.seed ?? 'tier2');
    await scenario.disaster(simulator);
    const parameters = await scenario.parameters(simulator);
    const estate = estateOf(scenario);
    const { asks, answer } = peopleOf(estate);
    // A bot that has just been started: it has no token yet.
    const azure = openAzure();
    const timeline = watchedTimeline(createTimeline(store.pool, now), {
      during: (drafts) => {
        if (drafts.some(({ event }) => event.type === 'undo.begun')) onUndo?.();
      },
      after: () => undefined,
    });
    const engine = await startOn(store, azure, estate, { timeline });
    let untouched = true;
    const unwatch = simulator.onRequest((entry) => {
      if (!untouched || !isChange(entry)) return;
      untouched = false;
      onFirstChange?.();
    });
    try {
      before?.();
      const from = simulator.journal().at(-1)?.seq ?? 0;
      const made = await engine.request({
        ...{ id: `play-${plays}`, app: estate.apps[0]?.name ?? '', runbook: scenario.runbook, parameters },
        ...{ words: scenario.words, by: asks, conversation: `play-${plays}`, at: now() },
      });
      if ('refused' in made) throw new Error(made.refused);
      const pauses: RunState[] = [];
      const acted = new Set<string>();
      let met = false;
      const clear = () => {
        met ||= simulator.faults().some(({ fault, left }) => left < (fault.times ?? 1));
        simulator.clearFaults();
      };
      const giveUpAt = Date.now() + TOO_LONG_MS;
      for (;;) {
        const view = await engine.incidentOfRun(made.run);
        const state = view?.runs.find((one) => one.run === made.run);
        if (!view || !state) throw new Error(`There is no run ${made.run}.`);
        if (state.finished) {
          clear();
          await pause(lingerMs);
          return { state, pauses, met, journal: simulator.journal(from), entries: view.entries };
        }
        if (Date.now() > giveUpAt)
          throw new Error(`${scenario.words} did not end: ${JSON.stringify({ ...state, plan: null })}`);
        await meanwhile?.(state, engine);
        await answerGates(engine, state, answer, answers?.(state) ?? scenario.answers);
        await actMeanwhile(scenario, state, acted, azure, { ...simulator, clearFaults: clear });
        if (state.pause && pauses.at(-1)?.pause?.number !== state.pause.number) {
          pauses.push(state);
          const decision = onPause(state);
          clear();
          await engine.decide({
            ...{ id: `decide-${state.pause.number}`, run: made.run, pause: state.pause.number },
            ...{ decision, by: asks, at: now() },
          });
        }
        await pause(meanwhile ? LOOK_CLOSELY_MS : LOOK_EVERY_MS);
      }
    } finally {
      unwatch();
      simulator.clearFaults();
      await engine.stop();
    }
  };

  const database: Theatre['database'] = async () => {
    plays += 1;
    const name = `play_${plays}`;
    await store.pool.query(`create database ${name}`);
    const url = store.url.replace(/postgres$/, name);
    const own = await openStore({ databaseUrl: url, dataDir: '/nowhere', onError: () => undefined });
    const drop = async () => {
      await own.close();
      await store.pool.query(`drop database ${name} with (force)`);
    };
    return { url, pool: own.pool, drop };
  };

  const close = async (): Promise<void> => {
    await simulator.close();
    await store.close();
  };
  return { simulator, azure, play, database, close };
}

/** Does what people do while a step is under way, once for each step. */
export async function actMeanwhile(
  { meanwhile = {} }: Scenario,
  state: RunState,
  acted: Set<string>,
  azure: Azure,
  simulator: Simulator,
): Promise<void> {
  for (const [step, act] of Object.entries(meanwhile)) {
    const stage = state.plan?.stages.find(({ name }) => name === step);
    if (acted.has(step) || state.stages[step]?.status !== 'running' || stage?.kind !== 'step') continue;
    acted.add(step);
    await act(azure, simulator, stage.does);
  }
}
