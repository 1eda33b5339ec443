import { AzureProblem } from '../azure/operation';
import type { Person } from './approval';
import { type AwaitedValue, awaitedValues } from './awaited-value';
import { type ConductorPorts, stateOfRun } from './conductor-ports';
import type { Answer } from './engine';
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
 * argument to Azure and nowhere else. When nobody knows whether Azure took it, it is looked at once more.
 */
export async function enterValue(
  ports: ConductorPorts,
  { run, stage, by, at }: Entering,
  value: string,
): Promise<Answer> {
  const incident = await ports.timeline.incidentOfRun(run);
  const awaited = incident === null ? undefined : await awaitedIn(ports, { incident, run }, stage);
  if (incident === null || !awaited) return { ok: false, words: NOT_AWAITED };
  const refused = await write(ports, awaited, value);
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

/** Null once the value is in the vault; else why it is not, in words. */
async function write(
  { azure }: ConductorPorts,
  { change }: AwaitedValue,
  value: string,
): Promise<string | null> {
  let maybe = false;
  for (;;) {
    try {
      await azure.enterSecret(change, value);
      return null;
    } catch (error) {
      if (!(error instanceof AzureProblem)) throw error;
      if (maybe && error.details.code === 'AlreadyEntered') return null;
      if (maybe || !error.details.unknownOutcome) return error.message;
      maybe = true;
    }
  }
}
