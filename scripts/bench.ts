import { cpus } from 'node:os';
import { acknowledgement } from './bench/acknowledgement';
import { governor } from './bench/governor';
import { inColumns, type Table } from './bench/measures';
import { polling } from './bench/polling';
import { region } from './bench/region';
import { startUp } from './bench/start-up';

const benches: Readonly<Record<string, () => Table | Promise<Table>>> = {
  'start-up': startUp,
  acknowledgement,
  polling,
  governor,
  region,
};

/** Measures on this machine and prints; all, or those that are named. Fails when something is not as it must be. */
async function main(names: readonly string[]): Promise<void> {
  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, Node.js ${process.version}\n`);
  for (const [name, measure] of Object.entries(benches))
    if (names.length === 0 || names.includes(name)) {
      const table = await measure();
      console.log(inColumns(table));
      for (const problem of table.problems ?? []) console.error(`✗  ${problem}`);
      if (table.problems?.length) process.exitCode = 1;
    }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
