import { AzureProblem, lookToken } from '../azure/operation';
import type { Person } from './approval';
import { type AwaitedValue, awaitedValues } from './awaited-value';
import { type ConductorPorts, stateOfRun } from './conductor-ports';
import type { Answer } from './engine';
import { ARRIVES_WITHIN_MS, LOOK_EVERY_MS } from './perform';
import { personActor } from './request-run';

/** Who enters a value for which step. */
export interface Entering {
  readonly run: string;
  readonly stage: string;
  readonly by: Person;
  readonly at: Date;
}

const NOT_AWAITED =
  'No run waits for this value now: it was entered already, or the run was stopped. Nothing was changed.';

/**
 * Writes a value that a person entered into the vault, and onto the timeline that they did. The value goes from the
 * argument to Azure and nowhere else.
 */
export async function enterValue(
  ports: ConductorPorts,
  { run, stage, by, at }: Entering,
  value: string,
): Promise<Answer> {
  const incident = await ports.timeline.incidentOfRun(run);
  const awaited = incident === null ? undefined : await awaitedIn(ports, { incident, run }, stage);
  if (incident === null || !awaited) return { ok: false, words: NOT_AWAITED };
  const refused = await writeValue(ports, awaited.change, value);
  if (refused !== null) return { ok: false, words: refused };
  const event = { type: 'value.entered', stage, secret: awaited.change.secret } as const;
  await ports.timeline.append(incident, [
    { id: `${run}:${stage}:value-entered`, run, actor: personActor(by, ports), happenedAt: at, event },
  ]);
  return { ok: true };
}

async function awaitedIn(
  { timeline }: ConductorPorts,
  of: { readonly incident: string; readonly run: string },
  stage: string,
): Promise<AwaitedValue | undefined> {
  return awaitedValues(await stateOfRun(timeline, of)).find((one) => one.stage === stage);
}

/**
 * Null once the value is in the vault; else why it is not, in words. What nobody answered is looked for until it cannot
 * arrive any more: it would take the place of whatever is entered after it.
 */
export async function writeValue(
  ports: Pick<ConductorPorts, 'azure' | 'now' | 'sleep' | 'arrivesWithinMs'>,
  change: AwaitedValue['change'],
  value: string,
): Promise<string | null> {
  let maybe = false;
  for (;;) {
    try {
      await ports.azure.enterSecret(change, value);
      return null;
    } catch (error) {
      if (!(error instanceof AzureProblem)) throw error;
      if (maybe && error.details.code === 'AlreadyEntered') return null;
      if (!error.details.unknownOutcome) return error.message;
      if (await arrives(ports, change)) return null;
      if (maybe) return error.message;
      maybe = true;
    }
  }
}

/** Looks whether the vault has the value after all, for as long as it may. */
async function arrives(
  { azure, now, sleep, arrivesWithinMs = ARRIVES_WITHIN_MS }: Parameters<typeof writeValue>[0],
  change: AwaitedValue['change'],
): Promise<boolean> {
  const until = now().getTime() + arrivesWithinMs;
  for (;;) {
    const seen = await azure
      .handler(change)
      .poll(change, lookToken)
      .catch(() => null);
    if (seen?.state === 'done') return true;
    if (now().getTime() >= until) return false;
    await sleep(LOOK_EVERY_MS);
  }
}
