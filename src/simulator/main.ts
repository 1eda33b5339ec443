import { readSeed } from './read-seed';
import { startSimulator } from './simulator';

/** Runs the simulator on its own until it is told to stop. */
async function main(): Promise<void> {
  const seed = readSeed(process.env['SIMULATOR_SEED']);
  const simulator = await startSimulator({
    dataDir: process.env['DATA_DIR'] ?? '.data',
    proxyPort: numberFrom('SIMULATOR_PROXY_PORT') ?? 8_888,
    controlPort: numberFrom('SIMULATOR_CONTROL_PORT') ?? 8_889,
    speed: numberFrom('SIMULATOR_SPEED') ?? 60,
    ...(seed === undefined ? {} : { seed }),
    log: (line) => console.log(line),
  });
  console.log(
    `Azure simulator\n  proxy    ${simulator.proxyUrl}\n  control  ${simulator.controlUrl}\n  CA       ${simulator.caFile}`,
  );
  console.log('\nTo use it, set:');
  for (const [name, value] of Object.entries(simulator.environment)) {
    console.log(`  export ${name}=${value}`);
  }
  const stop = (): void => {
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') {
    return undefined;
  }
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new Error(`${name} must be a number, not "${text}". Set it to a number or leave it out.`);
  }
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
