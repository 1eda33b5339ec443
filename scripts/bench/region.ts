import { criticalPath } from '../../src/incidents/critical-path';
import type { Plan } from '../../src/incidents/plan';
import { conversationIn } from '../../test/support/conversation';
import { startWorld, type World } from '../../test/support/world';
import { inSeconds, type Table } from './measures';

/** How much faster than Azure: the geo-restore then takes two and a half minutes, and what the bot adds shows. */
const SPEED = 8;
/** What the run may add to its critical path. */
const ALLOWED = 0.05;
const TOO_LONG_MS = 600_000;

interface Told {
  readonly happenedAt: string;
  readonly event: { readonly type: string; readonly stage?: string; readonly plan?: Plan };
}

/**
 * A whole region failover: how long the run takes from its approval to the recovery, against the longest chain of what
 * Azure itself took. Steps that Azure works on count with the simulator's own durations, all others with what they took.
 */
export async function region(): Promise<Table> {
  const world = await startWorld({
    speed: SPEED,
    estate: ({ apps }) => {
      for (const app of apps) app.healthWithinMinutes = 10;
    },
  });
  try {
    world.simulator.regionDown('eastus');
    return tableOf(await failOver(world), azureMs(world));
  } finally {
    await world.close();
  }
}

/** Fails over with people who answer at once, and gives the timeline up to the recovery. */
async function failOver(world: World): Promise<readonly Told[]> {
  const { thread } = await world.teams.say('Alex Wilber', '@dr failover region to westus2');
  const conversation = conversationIn(world, thread);
  await conversation.press('Alex Wilber', 'Show the plan');
  await conversation.find('Megan Bowen', 'Approve', 60_000);
  await conversation.press('Megan Bowen', 'Approve');
  await conversation.hears(/Stay there, or take it back/, TOO_LONG_MS);
  const answer = await fetch(`${world.bot.url}/incidents/inc1?format=json`);
  const { entries } = (await answer.json()) as { readonly entries: readonly Told[] };
  return entries;
}

/** How long Azure itself worked on what each step began, in real milliseconds, by the step's name. */
function azureMs({ simulator }: World): ReadonlyMap<string, number> {
  const operations = simulator.estate()['operations'] as readonly {
    readonly collection: string;
    readonly resourceId: string;
    readonly duration: number;
  }[];
  const took = (collection: string, resource: RegExp) =>
    (operations.find((one) => one.collection === collection && resource.test(one.resourceId))?.duration ??
      0) / SPEED;
  return new Map([
    ['create-server', took('deployment', /-sql-server$/)],
    ['deploy', took('deployment', /\/dr-inc\d+-\d+$/)],
    ['geo-restore', took('database', /-recovered-/)],
  ]);
}

function tableOf(entries: readonly Told[], azure: ReadonlyMap<string, number>): Table {
  const at = (type: RegExp, stage?: string): number =>
    Date.parse(
      entries.find(({ event }) => type.test(event.type) && (stage === undefined || event.stage === stage))
        ?.happenedAt ?? '',
    );
  const plan = entries.find(({ event }) => event.type === 'plan.compiled')?.event.plan;
  if (!plan) throw new Error('The run has no plan.');
  const own = (name: string) =>
    azure.get(name) ?? at(/^(step\.done|check\.passed)$/, name) - at(/^(step\.intended|check\.begun)$/, name);
  const { length, stages } = criticalPath(plan.stages, plan.recoveredAfter, (stage) =>
    stage.kind === 'gate' ? 0 : own(stage.name),
  );
  const ran = at(/^run\.recovered$/) - at(/^gate\.closed$/);
  const path = length ?? Number.NaN;
  const share = ran / path - 1;
  const sum = plan.stages.reduce((total, stage) => total + (stage.kind === 'gate' ? 0 : own(stage.name)), 0);
  return {
    title: `A region failover, ${SPEED} times as fast as Azure: the run against its critical path`,
    rows: [
      ['', 'took'],
      ...stages.filter((name) => !/-gate$/.test(name)).map((name) => [name, inSeconds(own(name))]),
      ['critical path', inSeconds(path)],
      ['the run', inSeconds(ran)],
      ['all stages one after another', inSeconds(sum)],
      ['added to the critical path', `${(share * 100).toFixed(2)} %`],
    ],
    problems:
      share <= ALLOWED
        ? []
        : [
            `The run is ${(share * 100).toFixed(1)} % longer than its critical path; ${ALLOWED * 100} % are allowed.`,
          ],
  };
}
