import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshPlace, type Place, type Product, startProduct } from '../../test/support/product';
import { inSeconds, type Table } from './measures';

const REPETITIONS = 3;

/**
 * How long `npm start` takes until it says that it is ready: with nothing compiled and no store, with both there, and
 * after the ways in which it can die.
 */
export async function startUp(): Promise<Table> {
  const rows: string[][] = [];
  const measure = async (name: string, once: () => Promise<number>): Promise<void> => {
    const took: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) took.push(await once());
    rows.push([name, ...took.map(inSeconds)]);
  };

  await measure('first start, nothing compiled', async () => {
    for (const name of ['.compiled', '.tsbuildinfo']) rmSync(join('dist', name), { force: true });
    return once(await freshPlace());
  });
  await measure('first start, compiled', async () => once(await freshPlace()));

  const place = await freshPlace();
  await (await startProduct(place)).interrupt();
  const again = async (end: (product: Product) => Promise<void>): Promise<number> => {
    await end(await startProduct(place));
    const product = await startProduct(place);
    await product.interrupt();
    return product.startedInMs;
  };
  await measure('later start, after Ctrl-C', () => again((product) => product.interrupt()));
  const killed = (pidOf: (product: Product) => number) => async (product: Product) => {
    process.kill(pidOf(product), 'SIGKILL');
    // What it has started ends by itself; a person needs as long to press the up arrow.
    while (product.left().length > 0) await sleep(20);
  };
  await measure('later start, after kill -9 of npm', () => again(killed((product) => product.npmPid)));
  await measure('later start, after kill -9 of what npm started', () =>
    again(killed((product) => product.startPid())),
  );
  await measure('later start, after kill -9 of everything', () =>
    again(async (product) => product.killAll()),
  );

  const product = await startProduct(place);
  await measure('the bot back, after kill -9 of the bot', async () => {
    const killed = product.botPid();
    const begun = performance.now();
    process.kill(killed, 'SIGKILL');
    while (!(await isHealthy(place))) await sleep(10);
    return performance.now() - begun;
  });
  await product.interrupt();
  product.remove();
  return { title: 'Start-up', rows: [['', '1', '2', '3'], ...rows] };
}

async function once(place: Place): Promise<number> {
  const product = await startProduct(place);
  await product.interrupt();
  product.remove();
  return product.startedInMs;
}

async function isHealthy({ environment }: Place): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${environment['PORT']}/health`)).ok;
  } catch {
    return false;
  }
}
