import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { conversationIn } from '../support/conversation';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, type Run, restores, runIn } from './support/run';

let world: World;
beforeEach(async () => {
  world = await startWorld({
    estate: ({ apps }) => {
      for (const app of apps) {
        // The approval of the swap is asked for by the server itself, wherever a plan would change it.
        app.guards = [{ resource: 'sql-apprequest-prod-demo01', policy: 'swap' }];
        const swap = app.gates['swap'];
        if (swap) swap.needs = [{ role: 'approver', count: 2 }];
      }
    },
  });
});
afterEach(async () => {
  await endRuns(world);
  await world.close();
});

/** The estate file's app, as far as these stories edit it. */
interface App {
  guards: { resource: string; policy: string }[];
  gates: Record<string, { needs: { role: string; count: number }[]; expiresAfterMinutes: number }>;
}

/** Somebody changes the estate file, and the bot is started anew with it. */
async function restartWith(change: (app: App) => void): Promise<void> {
  const file = join(world.bot.dataDir, 'estate.yaml');
  const estate = parse(readFileSync(file, 'utf8')) as { apps: App[] };
  estate.apps.forEach(change);
  await world.bot.kill();
  writeFileSync(file, stringify(estate));
  await world.bot.start();
}

const oneApproverForSwaps = ({ gates: { swap } }: App): void => {
  if (swap) swap.needs = [{ role: 'approver', count: 1 }];
};

/** Alex asks for the same restore, in that thread or in one of its own. */
async function restoresAgain(thread?: string): Promise<Run> {
  if (thread === undefined) return restores(world, { inputs: { how: 'beside' } });
  const conversation = conversationIn(world, thread);
  await conversation.say('Alex Wilber', '@dr restore db to 20 minutes ago');
  await conversation.press('Alex Wilber', 'Show the plan', { how: 'beside' });
  return runIn(world, thread, 2);
}

test('a guarded resource has its gate, though the runbook names another one; a softer policy needs the approval of the old one', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'guard-swap' });
  await run.answers('Megan Bowen', 'guard-swap', 'Approve');
  expect(changes(world)).toEqual([]);

  await restartWith(oneApproverForSwaps);
  // The gate that is open goes on asking as it was opened, and Megan's voice alone is not enough.
  await run.answers('Adele Vance', 'guard-swap', 'Approve');
  const { event: drifted } = await run.happens('plan.drifted');
  expect(drifted.changes).toEqual([
    {
      field: 'approval "swap"',
      was: expect.stringContaining('2 approver'),
      is: expect.stringContaining('1 approver'),
    },
  ]);
  expect(changes(world)).toEqual([]);

  await run.happens('gate.opened', { stage: 'begin', nth: 2 });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const { event: opened } = await run.happens('gate.opened', { stage: 'policy-swap' });
  expect(opened.policy.needs).toEqual([{ role: 'approver', count: 2 }]);
  await run.answers('Megan Bowen', 'policy-swap', 'Approve');
  await run.answers('Adele Vance', 'policy-swap', 'Approve');
  const { event: softer } = await run.happens('gate.opened', { stage: 'guard-swap', nth: 2 });
  expect(softer.policy.needs).toEqual([{ role: 'approver', count: 1 }]);
  expect(changes(world)).toEqual([]);
  await run.answers('Megan Bowen', 'guard-swap', 'Approve');
  expect(await run.over()).toBe('completed');
  expect(changes(world)).toEqual(['PUT AppRequestPortal-restored']);
}, 90_000);

test('a policy that is changed twice is approved twice', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'guard-swap' });
  await restartWith(({ gates: { swap } }) => {
    if (swap) swap.expiresAfterMinutes = 200;
  });
  for (const person of ['Megan Bowen', 'Adele Vance'] as const)
    await run.answers(person, 'guard-swap', 'Approve');
  await run.happens('gate.opened', { stage: 'begin', nth: 2 });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'policy-swap' });
  for (const person of ['Megan Bowen', 'Adele Vance'] as const)
    await run.answers(person, 'policy-swap', 'Approve');
  await run.happens('gate.opened', { stage: 'guard-swap', nth: 2 });

  await restartWith(oneApproverForSwaps);
  for (const person of ['Megan Bowen', 'Adele Vance'] as const)
    await run.answers(person, 'guard-swap', 'Approve');
  await run.happens('gate.opened', { stage: 'begin', nth: 3 });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const { event: again } = await run.happens('gate.opened', { stage: 'policy-swap', nth: 2 });
  expect(again.policy).toMatchObject({ needs: [{ role: 'approver', count: 2 }], expiresAfterMinutes: 200 });
  expect(changes(world)).toEqual([]);
}, 90_000);

test('aborting and asking again does not get around the policy and the guards that the incident began with', async () => {
  const first = await restores(world, { inputs: { how: 'beside' } });
  await first.happens('gate.opened', { stage: 'begin' });
  await restartWith((app) => {
    oneApproverForSwaps(app);
    app.guards = app.guards.map((guard) => ({ ...guard, policy: 'begin' }));
  });
  await first.say('Alex Wilber', '@dr abort');
  expect(await first.over()).toBe('aborted');

  for (const conversation of [first.thread, undefined]) {
    const run = await restoresAgain(conversation);
    const { event: compiled } = await run.happens('plan.compiled');
    const gates = compiled.plan.stages.flatMap((stage) => (stage.kind === 'gate' ? [stage.name] : []));
    expect(gates).toEqual(['begin', 'policy-swap', 'guard-swap']);
    expect(compiled.plan.policies?.['was:swap']?.needs).toEqual([{ role: 'approver', count: 2 }]);
    await run.say('Alex Wilber', '@dr abort');
    expect(await run.over()).toBe('aborted');
  }
  expect(changes(world)).toEqual([]);
}, 90_000);

test('a guard that is softened while its gate is open still stands, and the change is named', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'guard-swap' });
  await restartWith((app) => {
    app.guards = app.guards.map((guard) => ({ ...guard, policy: 'begin' }));
  });
  for (const person of ['Megan Bowen', 'Adele Vance'] as const)
    await run.answers(person, 'guard-swap', 'Approve');
  const { event: drifted } = await run.happens('plan.drifted');
  expect(drifted.changes).toEqual([
    {
      field: 'guarded resources',
      was: ['sql-apprequest-prod-demo01 (swap)'],
      is: ['sql-apprequest-prod-demo01 (begin)'],
    },
  ]);
  await run.happens('gate.opened', { stage: 'begin', nth: 2 });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  const { event: guard } = await run.happens('gate.opened', { stage: 'guard-swap', nth: 2 });
  expect(guard.policy.needs).toEqual([{ role: 'approver', count: 2 }]);
  expect(changes(world)).toEqual([]);
}, 90_000);
