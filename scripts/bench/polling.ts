import { setTimeout as sleep } from 'node:timers/promises';
import { asksForRestore } from '../../test/support/conversation';
import { startWorld } from '../../test/support/world';
import { inSeconds, type Table } from './measures';

const SPEEDS = [60, 20];

/** What waiting for Azure adds to it: how long a restore takes in Azure, and how long the run's step takes. */
export async function polling(): Promise<Table> {
  const rows: string[][] = [];
  for (const speed of SPEEDS) {
    const { azureMs, stepMs } = await restoreAt(speed);
    const added = ((stepMs - azureMs) / azureMs) * 100;
    rows.push([
      `20 minutes, ${speed} times as fast`,
      inSeconds(azureMs),
      inSeconds(stepMs),
      `${added.toFixed(2)} %`,
    ]);
  }
  return {
    title:
      'A restore in Azure and in the run (asked again after 1 s, the least that Retry-After can say; Azure itself says 15 s)',
    rows: [['', 'Azure', 'the step', 'added'], ...rows],
  };
}

async function restoreAt(speed: number): Promise<{ readonly azureMs: number; readonly stepMs: number }> {
  const world = await startWorld({ speed });
  try {
    const { simulator, bot } = world;
    let sentAt = 0;
    simulator.onRequest(({ method }) => {
      if (method === 'PUT') sentAt = Date.now();
    });
    const conversation = await asksForRestore(world);
    await conversation.press('Megan Bowen', 'Approve');
    const isThere = () =>
      simulator
        .estate()
        .databases.some(({ name, status }) => name.includes('-restored-') && status === 'Online');
    while (!isThere()) await sleep(5);
    const azureMs = Date.now() - sentAt;
    await conversation.hears(/Put the restored database in the place/, 60_000);
    const answer = await fetch(`${bot.url}/incidents/inc1?format=json`);
    return { azureMs, stepMs: stepTime(await answer.text()) };
  } finally {
    await world.close();
  }
}

/** From the intent of the restore to its end, in milliseconds, by the exported timeline. */
function stepTime(exported: string): number {
  const { entries } = JSON.parse(exported) as {
    readonly entries: readonly {
      readonly happenedAt: string;
      readonly event: { readonly type: string; readonly stage?: string };
    }[];
  };
  const at = (type: string) =>
    Date.parse(
      entries.find(({ event }) => event.type === type && event.stage === 'restore')?.happenedAt ?? '',
    );
  return at('step.done') - at('step.intended');
}
