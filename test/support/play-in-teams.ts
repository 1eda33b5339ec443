import { setTimeout as pause } from 'node:timers/promises';
import { inputsOf } from '../../src/chat/cards/render-card';
import type { Draft } from '../../src/incidents/event';
import type { JsonObject } from '../../src/incidents/json';
import { type RunState, runState } from '../../src/incidents/run-state';
import type { Scenario } from '../scenarios/scenario';
import { type Run, runIn } from '../stories/support/run';
import { conversationIn } from './conversation';
import type { World } from './world';

const TOO_LONG_MS = 90_000;

/** What a form's inputs are called where the runbook's parameters have another name or shape. */
const asInputs = (runbook: string, { at, ...others }: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...others, ...(at === undefined ? {} : { time: at }) }).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' && inputsOf(runbook).has(name) ? [[name, value]] : [],
    ),
  );

/**
 * Plays a scenario as people do in Teams: the command, the form, the buttons of every gate, and a retry when it pauses.
 * Gives the run, over.
 */
export async function playInTeams(
  world: World,
  scenario: Scenario,
  command: string,
  atFirstGate: () => void = () => undefined,
): Promise<Run> {
  const parameters = await scenario.parameters(world.simulator);
  const { thread } = await world.teams.say('Alex Wilber', `@dr ${command}`, {
    conversation: world.freshChannel(),
  });
  await conversationIn(world, thread).press(
    'Alex Wilber',
    'Show the plan',
    asInputs(scenario.runbook, parameters),
  );
  const run = await runIn(world, thread);
  const answered = new Set<string>();
  for (const until = Date.now() + TOO_LONG_MS; ; await pause(50)) {
    const state = stateOf(run.run, await run.timeline());
    if (state?.finished) return run;
    if (Date.now() > until)
      throw new Error(
        `${scenario.words} did not end: ${JSON.stringify(state && { ...state, plan: null }).slice(0, 4_000)}`,
      );
    if (state?.pause && !answered.has(`pause ${state.pause.number}`)) {
      answered.add(`pause ${state.pause.number}`);
      world.simulator.clearFaults();
      await run.say('Alex Wilber', '@dr retry');
    }
    for (const gate of Object.values(state?.gates ?? {})) {
      const key = `${gate.stage} ${gate.round}`;
      const asked = state?.plan?.stages.find(({ name }) => name === gate.stage);
      if (gate.closed || answered.has(key) || asked?.kind !== 'gate') continue;
      if (answered.size === 0) atFirstGate();
      answered.add(key);
      const choice = scenario.answers?.[gate.stage] ?? asked.options[0]?.choice;
      const label = asked.options.find((one) => one.choice === choice)?.label ?? '';
      await run.answers('Megan Bowen', gate.stage, label);
    }
  }
}

/** A run's state from the entries of an export, whose times are text. */
const stateOf = (run: string, entries: Awaited<ReturnType<Run['timeline']>>): RunState | null =>
  runState(
    run,
    entries.map((entry): Draft => ({ ...entry, happenedAt: new Date(entry.happenedAt) })),
  );
