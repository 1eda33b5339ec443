import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateClosing } from '../../../src/engine/approval';
import type { Entry } from '../../../src/incidents/event';
import { runState } from '../../../src/incidents/run-state';
import { createTimeline } from '../../../src/incidents/timeline';
import type { JournalEntry } from '../../../src/simulator/journal';
import type { Scenario } from '../../scenarios/scenario';
import { startChild } from '../child';
import { nameOf } from './all-scenarios';
import { counted, isChange, requestKey } from './changes';
import { actMeanwhile, type Played, type Theatre } from './theatre';
import type { TheatreChildInput } from './theatre-child';

/** When the bot is killed: after these entries, and once after each of these changes has reached Azure. */
export interface Kills {
  readonly afterEntries: readonly string[];
  readonly afterChanges: readonly string[];
}

const TOO_LONG_MS = 120_000;

/**
 * The entries after which a run's bot is killed: every one that belongs to a stage. Half of them in one play and half
 * in another, so that a bot never dies before it has gone on at all.
 */
export function entryEnds({ entries, state }: Played): readonly string[] {
  const ofStages = entries.filter(
    ({ run, event }) => run === state.run && ('stage' in event || event.type === 'plan.compiled'),
  );
  return ofStages.filter(({ actor }) => actor.kind === 'bot').map((entry) => endOf(entry));
}

/** An entry's id without its run's name. */
const endOf = ({ id, run }: Pick<Entry, 'id' | 'run'>): string =>
  run !== null && id.startsWith(`${run}:`) ? id.slice(run.length + 1) : id;

/** Plays a scenario in a process that is killed and started again and again; what differs from a calm play. */
export async function playKilled(
  theatre: Theatre,
  scenario: Scenario,
  calm: Played,
  kills: Kills,
): Promise<{ readonly deaths: number; readonly complaints: readonly string[] }> {
  const { simulator } = theatre;
  simulator.reset(scenario.seed ?? 'tier2');
  await scenario.disaster(simulator);
  const parameters = await scenario.parameters(simulator);
  const { url, pool, drop } = await theatre.database();
  const timeline = createTimeline(pool, () => new Date());
  const from = simulator.journal().at(-1)?.seq ?? 0;
  const changesLeft = new Set(kills.afterChanges);
  let pid = 0;
  const unwatch = simulator.onRequest((entry) => {
    if (isChange(entry) && changesLeft.delete(requestKey(entry))) process.kill(pid, 'SIGKILL');
  });
  const folder = mkdtempSync(join(tmpdir(), 'play-killed-'));
  const acknowledged = join(folder, 'acknowledged');
  writeFileSync(acknowledged, '');
  const acted = new Set<string>();
  const helping = setInterval(() => {
    const help = async () => {
      for (const { incident } of await timeline.incidents('all')) {
        const entries = await timeline.entries(incident);
        const run = entries.find((entry) => entry.run !== null)?.run;
        const state = run ? runState(run, entries) : null;
        if (state) await actMeanwhile(scenario, state, acted, theatre.azure, simulator);
      }
    };
    help().catch(() => undefined);
  }, 100);
  try {
    const input: TheatreChildInput = {
      ...{ databaseUrl: url, scenario: nameOf(scenario), parameters, dieAfter: kills.afterEntries },
      acknowledged,
    };
    const giveUpAt = Date.now() + TOO_LONG_MS;
    for (let deaths = 0; ; deaths++) {
      const child = startChild('theatre/theatre-child.ts', input, simulator.environment);
      pid = child.pid;
      const tooLong = setTimeout(() => void child.kill(), Math.max(0, giveUpAt - Date.now()));
      const end = await child.ended;
      clearTimeout(tooLong);
      if (Date.now() > giveUpAt) return { deaths, complaints: ['it took too long'] };
      if (end === 'SIGKILL') continue;
      if (end !== 0) return { deaths, complaints: [`the bot ended with ${end}: ${child.complaints()}`] };
      const incident = (await child.line()) ?? '';
      const entries = await timeline.entries(incident);
      const complaints = [
        ...differences(calm, entries),
        ...votesLost(entries, readFileSync(acknowledged, 'utf8').split('\n').filter(Boolean)),
        ...closedWithoutCause(entries),
        ...doneTwice(calm, simulator.journal(from), scenario),
        ...(await isRecovered(theatre, scenario)),
      ];
      return { deaths, complaints };
    }
  } finally {
    unwatch();
    clearInterval(helping);
    rmSync(folder, { recursive: true });
    await drop();
  }
}

/** Entries that are missing or too many, or out of order. */
function differences(calm: Played, entries: readonly Entry[]): readonly string[] {
  const [wanted, found] = [calm.entries.map(endOf), entries.map(endOf)];
  // Whether a second person's vote still comes before the first one closes the gate is chance: see `votesLost`.
  const isVote = (id: string): boolean => id.startsWith('said:vote:');
  const missing = wanted.filter((id) => !found.includes(id) && !isVote(id));
  const more = found.filter((id) => !wanted.includes(id) && !isVote(id));
  return [
    ...missing.map((id) => `the entry ${id} is missing`),
    ...more.map((id) => `the entry ${id} is there though nobody expected it`),
    ...(new Set(found).size === found.length ? [] : ['an entry is there twice']),
    ...(entries.every(({ seq }, index) => seq === index + 1) ? [] : ['the entries are out of order']),
  ];
}

/** Votes that were acknowledged to whoever gave them, and are not in the timeline. */
const votesLost = (entries: readonly Entry[], acknowledged: readonly string[]): readonly string[] => {
  const kept = new Set(entries.filter(({ event }) => event.type === 'vote.cast').map(endOf));
  return acknowledged.filter((vote) => !kept.has(`said:${vote}`)).map((vote) => `${vote} was lost`);
};

/** Gates that were closed although the votes before that do not close them like that. */
const closedWithoutCause = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ run, event, happenedAt }, index) => {
    if (event.type !== 'gate.closed' || run === null) return [];
    const { stage, choice, because } = event;
    const { plan, gates } = runState(run, entries.slice(0, index)) ?? {};
    const gate = gates?.[stage];
    const due = plan && gate ? gateClosing(plan, gate, happenedAt) : null;
    return due?.option.choice === choice && due.because === because
      ? []
      : [`${stage} was closed with ${choice} (${because}), which its votes do not say`];
  });

/** Changes that took effect more often than in a calm play: also those whose answer nobody lived to hear. */
function doneTwice(calm: Played, journal: readonly JournalEntry[], { mends }: Scenario): readonly string[] {
  const effective = (entries: readonly JournalEntry[]) =>
    counted(
      entries
        .filter((entry) => isChange(entry) && (entry.status === null || entry.status < 400))
        .filter((entry) => !isChallenge(entry))
        .map(requestKey),
    );
  const wanted = effective(calm.journal);
  return [...effective(journal)]
    .filter(([key, times]) => times > (wanted.get(key) ?? 0) && !mends?.test(key))
    .map(([key, times]) => `${key} was done ${times} times`);
}

/** Key Vault is asked without a token first, and answers with a challenge: a bot killed then has changed nothing. */
const isChallenge = ({ url, status, method, requestBody }: JournalEntry): boolean =>
  status === null && /\.vault\.azure\.net$/.test(new URL(url).host) && (method === 'POST' || !requestBody);

async function isRecovered({ simulator }: Theatre, { recovered }: Scenario): Promise<readonly string[]> {
  try {
    await recovered(simulator);
    return [];
  } catch (error) {
    return [`not recovered: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`];
  }
}
