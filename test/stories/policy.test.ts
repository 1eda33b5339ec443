import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startWorld, type World } from '../support/world';
import { changes } from './support/azure';
import { endRuns, restores } from './support/run';

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

/** Somebody changes the estate file, and the bot is started anew with it. */
async function restartWith(
  change: (gates: Record<string, { needs: { role: string; count: number }[] }>) => void,
): Promise<void> {
  const file = join(world.bot.dataDir, 'estate.yaml');
  const estate = parse(readFileSync(file, 'utf8')) as {
    apps: { gates: Record<string, { needs: { role: string; count: number }[] }> }[];
  };
  for (const { gates } of estate.apps) change(gates);
  await world.bot.kill();
  writeFileSync(file, stringify(estate));
  await world.bot.start();
}

test('a guarded resource has its gate, though the runbook names another one; a softer policy needs the approval of the old one', async () => {
  const run = await restores(world, { inputs: { how: 'beside' } });
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.happens('gate.opened', { stage: 'guard-swap' });
  await run.answers('Megan Bowen', 'guard-swap', 'Approve');
  expect(changes(world)).toEqual([]);

  await restartWith((gates) => {
    const { swap } = gates;
    if (swap) swap.needs = [{ role: 'approver', count: 1 }];
  });
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
