import type { Event } from '../../src/incidents/event';
import type { Scenario } from '../scenarios/scenario';
import { clientsAgainst, type Drift } from '../support/drifts/drift';
import { driftsOfDatabases } from '../support/drifts/of-databases';
import { driftsOfRegions } from '../support/drifts/of-regions';
import { driftsOfSecrets } from '../support/drifts/of-secrets';
import { driftsUnderWay } from '../support/drifts/under-way';
import { allScenarios, nameOf } from '../support/theatre/all-scenarios';
import { isChange, requestKey } from '../support/theatre/changes';
import { openTheatre, type Played, type Theatre } from '../support/theatre/theatre';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre.close());

function scenarioOf({ during }: Drift): Scenario {
  const found = allScenarios.find((one) => nameOf(one) === during);
  if (!found) throw new Error(`There is no scenario "${during}".`);
  return found;
}

/** What was asked of Azure since a moment of the journal, the drift's own changes not among it. */
const changesSince = (seq: number): readonly string[] =>
  theatre.simulator.journal(seq).filter(isChange).map(requestKey);
const nowInJournal = (): number => theatre.simulator.journal().at(-1)?.seq ?? 0;

/** The events of one kind, oldest first. */
const eventsOf = <T extends Event['type']>({ entries }: Played, type: T) =>
  entries.flatMap(({ event }) => (event.type === type ? [event as Extract<Event, { type: T }>] : []));

/** Once the plan has drifted, people say no to the new one. */
const noToTheNew: NonNullable<NonNullable<Parameters<Theatre['play']>[1]>['answers']> = ({ drift, gates }) =>
  drift ? Object.fromEntries(Object.keys(gates).map((gate) => [gate, 'reject'])) : undefined;

const atFirstGate = [...driftsOfDatabases, ...driftsOfSecrets, ...driftsOfRegions];

test.each(atFirstGate.map((drift) => [drift.what, drift.during, drift] as const))(
  '%s (%s): the votes are void, both values are named, people are asked again, and nothing is changed',
  async (_what, _during, drift) => {
    const { simulator, play } = theatre;
    const azure = clientsAgainst(simulator);
    let from = 0;
    let asked: readonly string[] | null = null;
    const played = await play(scenarioOf(drift), {
      before: () => {
        from = nowInJournal();
      },
      meanwhile: async ({ gates }) => {
        if (asked !== null || Object.keys(gates).length === 0) return;
        asked = changesSince(from);
        await drift.happens(simulator, azure);
        from = nowInJournal();
      },
      answers: noToTheNew,
    });
    expect([asked, changesSince(from)]).toEqual([[], []]);
    expect(eventsOf(played, 'step.intended')).toEqual([]);

    const { field, was, is, ends } = drift;
    expect(eventsOf(played, 'plan.drifted').map(({ changes }) => changes)).toEqual([
      expect.arrayContaining([{ field, was, is }]),
    ]);
    const [drifted] = eventsOf(played, 'plan.drifted')[0]?.changes.filter((one) => one.field === field) ?? [];
    expect(drifted?.is).not.toEqual(drifted?.was);
    expect(eventsOf(played, 'gate.closed')[0]).toMatchObject({ round: 1, because: 'quorum' });
    expect(played.state.finished?.outcome).toBe(ends ?? 'rejected');
    if (ends) return;
    const [old, renewed] = eventsOf(played, 'gate.opened');
    expect(renewed).toMatchObject({ stage: old?.stage, round: 2 });
    expect(renewed?.planHash).not.toBe(old?.planHash);
    const signed = eventsOf(played, 'vote.cast').filter(({ round }) => round === 2);
    expect(signed.length).toBeGreaterThan(0);
    for (const vote of signed) expect(vote).toMatchObject({ planHash: renewed?.planHash, choice: 'reject' });
  },
);

test.each(driftsUnderWay.map((drift) => [drift.what, drift.during, drift] as const))(
  '%s (%s): people are asked again before the later step, and nothing more is changed',
  async (_what, _during, drift) => {
    const { simulator, play } = theatre;
    const azure = clientsAgainst(simulator);
    let [from, happened] = [0, false];
    let unwatch: () => void = () => undefined;
    const played = await play(scenarioOf(drift), {
      before: () => {
        from = nowInJournal();
        unwatch = simulator.onRequest((request) => {
          if (!drift.held || !isChange(request)) return;
          unwatch();
          simulator.addFault({ method: 'GET', path: drift.held, status: 503, times: 1_000 });
        });
      },
      meanwhile: async (state) => {
        if (happened || !drift.when(state) || changesSince(from).length === 0) return;
        happened = true;
        await drift.happens(simulator, azure);
        from = nowInJournal();
        simulator.clearFaults();
      },
      answers: noToTheNew,
    });
    unwatch();
    expect([happened, changesSince(from)]).toEqual([true, []]);

    const { field, was, is, before } = drift;
    expect(eventsOf(played, 'plan.drifted')).toEqual([
      expect.objectContaining({ before, changes: expect.arrayContaining([{ field, was, is }]) }),
    ]);
    expect(eventsOf(played, 'gate.opened').at(-1)).toMatchObject({ round: 2 });
    expect(eventsOf(played, 'step.intended').map(({ stage }) => stage)).not.toContain(before);
    expect(played.state.finished?.outcome).toBe('rejected');
  },
);
