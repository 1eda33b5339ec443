import { gateClosing } from '../../../src/engine/approval';
import type { Entry } from '../../../src/incidents/event';
import { runState } from '../../../src/incidents/run-state';
import type { JournalEntry } from '../../../src/simulator/journal';
import type { Scenario } from '../../scenarios/scenario';
import { counted, isChange, requestKey } from './changes';
import type { Played, Theatre } from './theatre';

/** What a disturbed play left behind. */
export interface Traces {
  readonly entries: readonly Entry[];
  /** The votes that were acknowledged to whoever gave them, by their ids. */
  readonly acknowledged: readonly string[];
  /** What reached Azure. */
  readonly journal: readonly JournalEntry[];
}

/** What is not as in a calm play; empty when nothing was lost, doubled or left undone. */
export const complaintsOf = async (
  theatre: Theatre,
  scenario: Scenario,
  calm: Played,
  { entries, acknowledged, journal }: Traces,
): Promise<readonly string[]> => [
  ...differences(calm, entries),
  ...votesLost(entries, acknowledged),
  ...closedWithoutCause(entries),
  ...askedTwice(calm, journal, scenario),
  ...(await isRecovered(theatre, scenario)),
];

/** An entry's id without its run's name. */
export const endOf = ({ id, run }: Pick<Entry, 'id' | 'run'>): string =>
  run !== null && id.startsWith(`${run}:`) ? id.slice(run.length + 1) : id;

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

/**
 * Changes that were asked for more often than in a calm play: also those whose answer nobody lived to hear, and those
 * that Azure refused because they were done already. Only what was not let in at all (401, 429) may come again, and
 * once what makes a first try's outcome good.
 */
function askedTwice(calm: Played, journal: readonly JournalEntry[], { mends }: Scenario): readonly string[] {
  const asked = (entries: readonly JournalEntry[]) =>
    counted(
      entries
        .filter((entry) => isChange(entry) && entry.status !== 401 && entry.status !== 429)
        .filter((entry) => !isChallenge(entry))
        .map(requestKey),
    );
  const wanted = asked(calm.journal);
  return [...asked(journal)]
    .filter(([key, times]) => times > (wanted.get(key) ?? 0) + (mends?.test(key) ? 1 : 0))
    .map(([key, times]) => `${key} was asked for ${times} times`);
}

/** Key Vault is asked without a token first, and answers with a challenge: a bot killed then has changed nothing. */
const isChallenge = ({ url, status, method, requestBody }: JournalEntry): boolean =>
  status === null && /\.vault\.azure\.net$/.test(new URL(url).host) && (method === 'POST' || !requestBody);

/** Why what the scenario promises is not so; empty when it is. */
export async function isRecovered(
  { simulator }: Theatre,
  { recovered }: Scenario,
  denied = false,
): Promise<readonly string[]> {
  try {
    await recovered(simulator, denied);
    return [];
  } catch (error) {
    return [`not recovered: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`];
  }
}
