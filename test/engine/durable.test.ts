import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDbosDurable } from '../../src/engine/dbos-durable';
import type { Durable, Work } from '../../src/engine/durable';
import type { Store } from '../../src/store/store';
import { startChild } from '../support/child';
import { temporaryFolder, temporaryStore } from '../support/temporary-store';

let store: Store;
let durable: Durable;
/** What the next workflow of a given id does; each test brings its own. */
const plots = new Map<string, (work: Work) => Promise<void>>();
beforeAll(async () => {
  store = await temporaryStore();
  durable = createDbosDurable({ url: store.url, executor: 'test', log: () => undefined });
  durable.register<{ readonly plot: string }>('plot', async (work, { plot }) => plots.get(plot)?.(work));
  await durable.launch();
});
afterAll(async () => {
  await durable.stop();
  await store.close();
});

/** A promise and the function that keeps it. */
function promised<T>(): { readonly kept: Promise<T>; readonly keep: (value: T) => void } {
  let keep: (value: T) => void = () => undefined;
  const kept = new Promise<T>((resolve) => {
    keep = resolve;
  });
  return { kept, keep };
}

const begin = (id: string, plot: (work: Work) => Promise<void>) => {
  plots.set(id, plot);
  return durable.start('plot', id, { plot: id });
};

test('the same id is started once, however often it is asked for', async () => {
  let starts = 0;
  const ended = promised<void>();
  const plot = async () => {
    starts += 1;
    ended.keep();
  };
  await Promise.all([begin('twice', plot), begin('twice', plot), begin('twice', plot)]);
  await ended.kept;
  await begin('twice', plot);
  expect(starts).toBe(1);
});

test('a signal that comes before anybody waits is not lost', async () => {
  const signalled = promised<void>();
  const woken = promised<string>();
  await begin('early', async (work) => {
    await work.once('busy', () => signalled.kept);
    await work.wait(null);
    woken.keep('woken');
  });
  await durable.signal('early');
  signalled.keep();
  expect(await woken.kept).toBe('woken');
});

test('two signals wake up twice', async () => {
  const woken: number[] = [];
  const ended = promised<void>();
  await begin('two', async (work) => {
    for (let turn = 1; turn <= 2; turn++) {
      await work.wait(null);
      woken.push(turn);
    }
    ended.keep();
  });
  await durable.signal('two');
  await durable.signal('two');
  await ended.kept;
  expect(woken).toEqual([1, 2]);
});

test('a wait with an end is over at its end, and one whose end has passed at once', async () => {
  const waited = promised<readonly number[]>();
  await begin('deadline', async (work) => {
    const times = [Date.now()];
    for (const ms of [400, -60_000]) {
      await work.wait(new Date(Date.now() + ms));
      times.push(Date.now());
    }
    waited.keep(times);
  });
  const [start = 0, middle = 0, end = 0] = await waited.kept;
  expect(middle - start).toBeGreaterThanOrEqual(390);
  expect(middle - start).toBeLessThan(3_000);
  expect(end - middle).toBeLessThan(390);
});

test('a signal ends a wait before its end', async () => {
  const waited = promised<number>();
  const startedAt = Date.now();
  await begin('woken', async (work) => {
    await work.wait(new Date(Date.now() + 60_000));
    waited.keep(Date.now() - startedAt);
  });
  await durable.signal('woken');
  expect(await waited.kept).toBeLessThan(10_000);
});

test('an act that throws is tried again until it gives a result', async () => {
  const result = promised<string>();
  let tries = 0;
  await begin('stubborn', async (work) => {
    const said = await work.once('act', async () => {
      tries += 1;
      if (tries < 3) throw new Error('The store stumbled.');
      return `worked at try ${tries}`;
    });
    result.keep(said);
  });
  expect(await result.kept).toBe('worked at try 3');
});

test('a workflow goes on without waiting for the one that it starts, which can wake it up', async () => {
  const order: string[] = [];
  const ended = promised<void>();
  const released = promised<void>();
  plots.set('spawned', async (work) => {
    await work.once('slow', () => released.kept);
    order.push('spawned');
    await work.signal('parent');
  });
  await begin('parent', async (work) => {
    await work.spawn('plot', 'spawned', { plot: 'spawned' });
    order.push('parent');
    released.keep();
    await work.wait(null);
    order.push('woken');
    ended.keep();
  });
  await ended.kept;
  expect(order).toEqual(['parent', 'spawned', 'woken']);
});

test('signalling a workflow that is over harms nobody', async () => {
  const ended = promised<void>();
  await begin('over', async () => ended.keep());
  await ended.kept;
  await expect(durable.signal('over')).resolves.toBeUndefined();
});

test('a workflow that nobody registered is a mistake that is named', async () => {
  await expect(durable.start('unknown', 'x', {})).rejects.toThrow('There is no workflow "unknown".');
});

test('what was recorded before a kill is handed back after it, not done again', async () => {
  const folder = await temporaryFolder();
  await store.pool.query('create database killed');
  const input = { url: store.url.replace(/postgres$/, 'killed'), file: join(folder.path, 'lines') };
  expect(await startChild('durable-child.ts', { ...input, die: true }).ended).toBe('SIGKILL');
  const again = startChild('durable-child.ts', { ...input, die: false });
  expect(await again.line()).toBe('done');
  await again.kill();
  expect(await readFile(input.file, 'utf8')).toBe('first hello\nsecond after hello\n');
  await folder.remove();
});
