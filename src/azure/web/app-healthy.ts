import type { Health } from '../azure';
import type { Check, Reading } from '../check';
import type { Connection } from '../connection';
import { AzureProblem } from '../operation';
import { webApp } from './app-service';

type AppHealthy = Extract<Check, { check: 'app.healthy' }>;

/** Whether the app's own health endpoint is green, and what App Service says of it beside that. */
export async function readAppHealthy(
  azure: Connection,
  health: (url: string) => Promise<Health>,
  check: AppHealthy,
): Promise<Reading> {
  const [probe, state] = await Promise.all([health(check.url), stateOf(azure, check)]);
  return {
    findings: [
      { what: 'Health endpoint', expected: 'green', found: probe.words, ok: probe.green },
      // The endpoint is the proof; App Service's word only explains a red one.
      {
        what: 'App Service state',
        expected: 'Running',
        found: state,
        ok: state === 'Running' || probe.green,
      },
    ],
    facts: { green: probe.green, status: probe.status },
  };
}

async function stateOf(azure: Connection, { app }: AppHealthy): Promise<string> {
  try {
    return (await webApp(azure, app))?.state ?? 'no such app';
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    azure.log(error.message);
    return `unknown (${error.details.code})`;
  }
}
