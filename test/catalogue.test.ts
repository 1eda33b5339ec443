import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { check } from '../src/azure/check';
import { type Operation, operation } from '../src/azure/operation';
import { readConfig } from '../src/config';
import { checkWithFacts } from '../src/engine/examine';
import { changes, resourcesOf } from '../src/engine/guarded-resource';
import { loadRunbooks } from '../src/engine/load-runbooks';
import { replaceFacts, withFacts } from '../src/engine/perform';
import type { Runbook } from '../src/engine/runbook';
import { isUndoVerification, undoOperation, undoStages } from '../src/engine/undo';
import type { Event } from '../src/incidents/event';
import type { Json, JsonObject } from '../src/incidents/json';
import { type OperationData, type Plan, planHash, type Stage, type StepStage } from '../src/incidents/plan';
import type { RunState } from '../src/incidents/run-state';
import { createFakeAzure, type FakeAzure } from './support/fake-azure';
import { shop } from './support/protected-app';
import { type Sample, samples } from './support/runbook-samples';
import { checked, stepped } from './support/stage-events';
import { compiled as compiledEvent, noon, opened, requested, stateAfter } from './support/story';

const root = join(__dirname, '..');
const folder = join(root, 'src', 'runbooks');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => parse(file).name);
const runbooks = loadRunbooks(folder);
const now = () => noon;

/** A plan of a runbook, and the Azure that it was compiled against. */
async function compiled(runbook: Runbook, sample: Sample): Promise<{ plan: Plan; azure: FakeAzure }> {
  const azure = createFakeAzure({ now, state: sample.azure() });
  const context = {
    app: sample.app?.(shop) ?? shop,
    azure,
    now: noon,
    past: () => null,
    run: 'inc7-1',
    begun: new Set<string>(),
    requestedAt: noon,
  };
  const made = await runbook.compile(runbook.parameters.parse(sample.parameters), context);
  if ('refused' in made) throw new Error(made.refused.what);
  return { plan: made.plan, azure };
}

const named = (name: string): Runbook => {
  const runbook = runbooks.get(name);
  if (!runbook) throw new Error(`There is no runbook ${name}.`);
  return runbook;
};
const every = names.flatMap((name) =>
  (samples[name] ?? []).map((sample) => [`${name}: ${sample.words}`, name, sample] as const),
);

test('the folder has runbooks, and every one has samples to be tested with', () => {
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !samples[name]?.length)).toEqual([]);
  expect([...runbooks.keys()].toSorted()).toEqual(names.toSorted());
});

test.each(names)('%s says what it is, and has a form card', (name) => {
  const runbook = named(name);
  expect(runbook).toMatchObject({
    name,
    title: expect.stringMatching(/\S/),
    summary: expect.stringMatching(/\.$/),
    source: expect.stringMatching(/\S/),
  });
  expect(runbook.estimateMinutes[0]).toBeLessThanOrEqual(runbook.estimateMinutes[1]);
  const card: unknown = JSON.parse(readFileSync(join(root, 'cards', `${name}.json`), 'utf8'));
  expect(card).toMatchObject({ type: 'AdaptiveCard' });
});

/** The stages that must be done before a stage, near and far. */
function before(plan: Plan, stage: Stage): readonly Stage[] {
  const direct = plan.stages.filter((one) => stage.after.includes(one.name));
  return [...direct, ...direct.flatMap((one) => before(plan, one))];
}

const steps = (plan: Plan): readonly StepStage[] => plan.stages.filter((stage) => stage.kind === 'step');

/** The names of all facts that a value waits for. */
function factsIn(value: Json): readonly string[] {
  if (value === null || typeof value !== 'object') return [];
  const { fact, ...others } = value as { readonly [key: string]: Json };
  if (typeof fact === 'string' && Object.keys(others).length === 0) return [fact];
  return Object.values(value).flatMap(factsIn);
}

/** The value with every fact to come replaced by a word, to see that its shape is right. */
const filled = (value: OperationData): Json =>
  replaceFacts(value, Object.fromEntries(factsIn(value).map((fact) => [fact, 'learned'])));

test.each(every)(
  '%s: stages have names of their own and stand behind stages that exist',
  async (_words, name, sample) => {
    const { plan } = await compiled(named(name), sample);
    const all = plan.stages.map((stage) => stage.name);
    expect(new Set(all).size).toBe(all.length);
    expect(plan.stages.flatMap((stage) => stage.after).filter((one) => !all.includes(one))).toEqual([]);
    // A ring would have no first stage: in a plan each stage comes after all that it stands behind.
    for (const [index, stage] of plan.stages.entries())
      expect(stage.after.filter((one) => all.indexOf(one) >= index)).toEqual([]);
  },
);

test.each(every)('%s: every step can be guarded by something of the app', async (_words, name, sample) => {
  const { plan } = await compiled(named(name), sample);
  const app = sample.app?.(shop) ?? shop;
  const unguarded = steps(plan).filter((step) => !resourcesOf(app).some((one) => changes(step, one)));
  expect(unguarded.map((step) => step.name)).toEqual([]);
});

test.each(every)('%s: a gate stands before every step, and covers it', async (_words, name, sample) => {
  const { plan } = await compiled(named(name), sample);
  const uncovered = steps(plan).filter(
    (step) => !before(plan, step).some((stage) => stage.kind === 'gate' && stage.covers.includes(step.name)),
  );
  expect(uncovered.map((step) => step.name)).toEqual([]);
  for (const gate of plan.stages) {
    if (gate.kind !== 'gate') continue;
    const behind = steps(plan)
      .filter((step) => before(plan, step).includes(gate))
      .map((step) => step.name);
    expect(gate.covers.filter((covered) => !behind.includes(covered))).toEqual([]);
    expect(gate.options[0]?.leads).toBe('go-on');
    expect(gate.options.length).toBeGreaterThan(1);
  }
});

test.each(every)('%s: every gate asks under a policy that the estate has', async (_words, name, sample) => {
  const { plan } = await compiled(named(name), sample);
  const policies = plan.stages.flatMap((stage) => (stage.kind === 'gate' ? [stage.policy] : []));
  const [demo] = readConfig({ ESTATE_FILE: join(root, 'infra', 'estate.demo.yaml') }).estate.apps;
  expect(policies.filter((policy) => !demo?.gates[policy])).toEqual([]);
});

test.each(every)(
  '%s: nobody goes on to a step alone, and silence does not either',
  async (_words, name, sample) => {
    const { plan } = await compiled(named(name), sample);
    const [demo] = readConfig({ ESTATE_FILE: join(root, 'infra', 'estate.demo.yaml') }).estate.apps;
    for (const gate of plan.stages) {
      if (gate.kind !== 'gate' || gate.covers.length === 0) continue;
      const alone = gate.options.filter(({ leads, needsQuorum }) => leads === 'go-on' && !needsQuorum);
      expect([gate.name, alone]).toEqual([gate.name, []]);
      expect([gate.name, demo?.gates[gate.policy]?.onExpiry]).toEqual([gate.name, 'stop']);
    }
  },
);

test.each(every)(
  '%s: every step says how it is taken back, or why it cannot be',
  async (_words, name, sample) => {
    const { plan } = await compiled(named(name), sample);
    for (const { back } of steps(plan)) {
      if ('irreversible' in back) expect(back.irreversible).toMatch(/\S+ \S+/);
      else for (const undo of back.undo) expect(() => operation.parse(filled(undo))).not.toThrow();
    }
  },
);

test.each(every)(
  '%s: every operation and check can be carried out as written',
  async (_words, name, sample) => {
    const { plan } = await compiled(named(name), sample);
    for (const stage of plan.stages) {
      const data = stage.kind === 'step' ? stage.does : stage.kind === 'check' ? stage.reads : null;
      if (data === null) continue;
      const earlier = before(plan, stage).map((one) => one.name);
      expect(factsIn(data).filter((fact) => !earlier.includes(fact.split('.')[0] ?? ''))).toEqual([]);
    }
    for (const step of steps(plan)) expect(() => operation.parse(filled(step.does))).not.toThrow();
    for (const stage of plan.stages)
      if (stage.kind === 'check') expect(() => check.parse(replaceFacts(stage.reads, {}))).not.toThrow();
    expect(plan.stages.find((stage) => stage.name === plan.recoveredAfter)?.kind).toBe('check');
  },
);

test.each(every)('%s: the same Azure gives the same plan, to the letter', async (_words, name, sample) => {
  const [one, other] = [await compiled(named(name), sample), await compiled(named(name), sample)];
  expect(planHash(other.plan)).toBe(planHash(one.plan));
  // A plan goes through the store: what comes back is what was approved.
  expect(planHash(JSON.parse(JSON.stringify(one.plan)))).toBe(planHash(one.plan));
});

test.each(every)('%s: compiling changes nothing', async (_words, name, sample) => {
  const { azure } = await compiled(named(name), sample);
  expect(azure.changes()).toEqual([]);
  expect(azure.state).toEqual(sample.azure());
});

const sent = { requestId: 'test', intendedAt: noon, resumed: false };

async function perform(azure: FakeAzure, change: Operation): Promise<JsonObject> {
  const handler = azure.handler(change);
  const seen = await handler.look(change, sent);
  if (seen.state === 'blocked') throw seen.problem;
  if (seen.state === 'done') return seen.facts;
  const begun = await handler.begin(change, sent);
  if (begun.state === 'done') return begun.facts;
  for (;;) {
    const polled = await handler.poll(change, begun.token);
    if (polled.state === 'done') return polled.facts;
  }
}

/** Does the first stages of a plan in order, as if everybody said yes. */
async function carryOut(plan: Plan, azure: FakeAzure, howMany: number): Promise<JsonObject> {
  let facts: JsonObject = {};
  for (const stage of plan.stages.slice(0, howMany)) {
    if (stage.kind === 'gate') continue;
    const learned =
      stage.kind === 'step'
        ? await perform(azure, withFacts(stage.does, facts))
        : await read(azure, checkWithFacts(stage.reads, facts));
    facts = {
      ...facts,
      ...Object.fromEntries(Object.entries(learned).map(([fact, value]) => [`${stage.name}.${fact}`, value])),
    };
  }
  return facts;
}

async function read(azure: FakeAzure, reads: ReturnType<typeof check.parse>): Promise<JsonObject> {
  const { findings, facts } = await azure.read(reads);
  expect(findings.filter((finding) => !finding.ok)).toEqual([]);
  return facts;
}

test.each(every)(
  '%s: the plan can be carried out by the rules of Azure, and its checks are green',
  async (_words, name, sample) => {
    const { plan, azure } = await compiled(named(name), sample);
    await carryOut(plan, azure, plan.stages.length);
    expect(azure.changes().length).toBe(steps(plan).length);
    expect(await azure.health(shop.healthUrl)).toMatchObject({ green: true });
    expect(protectionIn(azure.state)).toEqual(protectionIn(sample.azure()));
  },
);

/** The state of a run whose first stages are done, every gate having been answered by going on. */
function stateAt(plan: Plan, howMany: number): RunState {
  const events = plan.stages.slice(0, howMany).flatMap((stage): readonly Event[] => {
    if (stage.kind !== 'gate') return stage.kind === 'step' ? stepped(stage.name) : checked(stage.name);
    const choice = stage.options[0]?.choice ?? '';
    return [
      opened(plan, stage.name),
      { type: 'gate.closed', stage: stage.name, round: 1, choice, because: 'quorum' },
    ];
  });
  return stateAfter(requested, compiledEvent(plan), ...events);
}

test.each(every)(
  '%s: wherever it stops, taking it back brings production back',
  async (_words, name, sample) => {
    const { plan } = await compiled(named(name), sample);
    const kept = plan.stages.findIndex(
      (stage) => stage.kind === 'gate' && stage.options.some((option) => option.leads === 'undo'),
    );
    for (let howMany = 0; howMany <= plan.stages.length; howMany++) {
      const { azure } = await compiled(named(name), sample);
      const facts = await carryOut(plan, azure, howMany);
      const reached = productionIn(azure);
      for (const undo of undoStages(stateAt(plan, howMany)).filter((one) => !isUndoVerification(one)))
        await perform(azure, withFacts(undoOperation(plan, undo), facts));
      // What people have decided to keep is no longer taken back.
      const isKept = kept >= 0 && howMany > kept;
      expect([howMany, productionIn(azure)]).toEqual([howMany, isKept ? reached : 'id-shop']);
      expect(await azure.health(shop.healthUrl)).toMatchObject({ green: true });
      if (!isKept) expect(protectionIn(azure.state)).toEqual(protectionIn(sample.azure()));
    }
  },
);

const productionIn = (azure: FakeAzure) => azure.state.databases['sql-primary']?.['shop']?.id;
const protectionIn = ({ links, groups }: FakeAzure['state']) => ({ links, groups });
