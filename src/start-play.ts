import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ConfigError, readConfig } from './config';
import { demoCredentials } from './simulator/seed';
import { startSimulator } from './simulator/simulator';

/**
 * `npm run play`: starts the program, as `npm start` starts the bot. Where the estate says that Azure is simulated and
 * nothing in the environment leads to another one, Azure is simulated here, or the simulator that runs already is used;
 * and the browser in which people sign in is played. The program itself knows of none of that.
 */
async function main(): Promise<void> {
  const { as, rest } = withoutAs(process.argv.slice(2));
  const { estate } = readConfig(process.env);
  const azure =
    estate.simulated &&
    process.env['HTTPS_PROXY'] === undefined &&
    !rest.some((one) => /^(--help|-h)$/.test(one))
      ? await simulatedAzure(process.env)
      : null;
  // Its own environment: Node.js reads the certificates that it trusts only when it starts.
  const program = fork(join(__dirname, 'play.js'), rest, {
    stdio: 'inherit',
    env: { ...process.env, ...azure?.environment },
  });
  // Ctrl-C reaches both. The program says how to come back, and this one ends with it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => program.kill('SIGTERM'));
  program.on('message', (message: { readonly signIn?: string }) => {
    if (message.signIn !== undefined && azure)
      playBrowser(azure, message.signIn, as).catch((error: unknown) => {
        // Nobody will enter the code any more.
        console.error(`✗ ${wordsOf(error)}`);
        program.kill('SIGTERM');
      });
  });
  program.once('exit', (code, signal) => {
    const end = () => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
    (azure?.close() ?? Promise.resolve()).then(end, end);
  });
}

/** `--as Megan` says who signs in, one time for each; only where the browser is played. */
function withoutAs(args: readonly string[]): { readonly as: string[]; readonly rest: string[] } {
  const as: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const one = args[index] ?? '';
    if (one === '--as') as.push(args[++index] ?? '');
    else if (one.startsWith('--as=')) as.push(one.slice('--as='.length));
    else rest.push(one);
  }
  return { as, rest };
}

interface SimulatedAzure {
  readonly environment: Readonly<Record<string, string>>;
  readonly signIn: (code: string, person: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

async function simulatedAzure(environment: NodeJS.ProcessEnv): Promise<SimulatedAzure> {
  const proxyPort = portIn(environment, 'SIMULATOR_PROXY_PORT', 8888);
  const controlPort = portIn(environment, 'SIMULATOR_CONTROL_PORT', 8889);
  const dataDir = resolve(environment['DATA_DIR'] ?? '.data');
  const onlyCodes = { SIGN_IN: 'code' };
  const running = await runningAt(controlPort);
  if (running !== null) {
    mkdirSync(dataDir, { recursive: true });
    const caFile = join(dataDir, 'play-ca.pem');
    writeFileSync(caFile, running);
    return {
      environment: {
        ...onlyCodes,
        ...{ HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, NO_PROXY: 'localhost,127.0.0.1' },
        NODE_EXTRA_CA_CERTS: caFile,
        AZURE_TENANT_ID: demoCredentials.tenantId,
        AZURE_CLIENT_ID: demoCredentials.clientId,
        AZURE_CLIENT_SECRET: demoCredentials.clientSecret,
      },
      signIn: (code, person) => signInAt(controlPort, code, person),
      close: async () => undefined,
    };
  }
  const speed = environment['SIMULATOR_SPEED'];
  const simulator = await startSimulator({
    ...{ dataDir, proxyPort, controlPort },
    ...(speed ? { speed: Number(speed) } : {}),
  });
  return {
    environment: { ...simulator.environment, ...onlyCodes },
    signIn: async (code, person) => simulator.signIn(code, person),
    close: simulator.close,
  };
}

/** The certificate of a simulator that runs on this machine already; null when none does. */
async function runningAt(controlPort: number): Promise<string | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${controlPort}/ca.pem`, {
      signal: AbortSignal.timeout(2_000),
    });
    const pem = await answer.text();
    return answer.ok && pem.includes('BEGIN CERTIFICATE') ? pem : null;
  } catch {
    return null;
  }
}

async function signInAt(controlPort: number, code: string, person: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${controlPort}/sign-in`, {
    method: 'POST',
    body: JSON.stringify({ code, person }),
  });
  const said = (await answer.json()) as { readonly person?: string; readonly error?: string };
  if (said.person === undefined) throw new Error(said.error ?? `The simulator answered ${answer.status}.`);
  return said.person;
}

/** The people of the demo's estate, who can be chosen by a number. */
const PEOPLE = [
  ['Alex Wilber', 'responder: asks'],
  ['Megan Bowen', 'approver'],
  ['Adele Vance', 'approver, security'],
  ['Isaiah Langer', 'viewer: may only look'],
] as const;

/** Enters a code as the person who is named, or chosen here. */
async function playBrowser({ signIn }: SimulatedAzure, code: string, as: string[]): Promise<void> {
  const named = as.shift() ?? (process.stdin.isTTY ? undefined : PEOPLE[0][0]);
  if (named !== undefined) {
    console.log(`(simulated: ${await signIn(code, named)} has entered it)`);
    return;
  }
  console.log('\nAzure is simulated, and so is the browser. Sign in as:');
  for (const [index, [name, about]] of PEOPLE.entries())
    console.log(`  ${index + 1}  ${name.padEnd(16)}${about}`);
  for (;;) {
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    reader.on('SIGINT', () => process.kill(0, 'SIGINT'));
    const typed = await reader.question('> ').finally(() => reader.close());
    const chosen = PEOPLE[Number(typed) - 1]?.[0] ?? typed;
    try {
      console.log(`(simulated: ${await signIn(code, chosen)} has entered it)`);
      return;
    } catch (error) {
      console.log(`✗ ${wordsOf(error)}`);
    }
  }
}

function portIn(environment: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const given = environment[name]?.trim();
  const port = given ? Number(given) : otherwise;
  if (Number.isInteger(port) && port >= 0) return port;
  throw new Error(`${name} must be a number, not "${given}". Set it to a number or leave it out.`);
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : wordsOf(error));
  process.exit(1);
});
