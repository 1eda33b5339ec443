import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { type Fence, NotInCharge } from '../../src/fence';
import { type Candidate, type Duty, standBy } from '../../src/store/stand-by';
import type { Store } from '../../src/store/store';
import { silentWay } from '../support/silent-way';
import { temporaryStore } from '../support/temporary-store';

const LEASE_MS = 2_400;

let store: Store;
const candidates: Candidate[] = [];
beforeAll(async () => {
  store = await temporaryStore();
});
afterEach(async () => {
  for (const candidate of candidates.splice(0)) await candidate.stop();
});
afterAll(() => store.close());

/** A process that wants a duty, and when it got and gave it back. */
function candidate(name: string, pool: Pool = store.pool, take?: () => Promise<void>) {
  const taken: { readonly at: number; readonly fence: Fence }[] = [];
  const stopped: number[] = [];
  const begun = standBy({ pool, name, leaseMs: LEASE_MS, warn: () => undefined }, async (fence) => {
    taken.push({ at: performance.now(), fence });
    await take?.();
    const duty: Duty = {
      wake: () => undefined,
      stop: async () => {
        stopped.push(performance.now());
      },
    };
    return duty;
  });
  candidates.push(begun);
  return { ...begun, taken, stopped };
}

async function until(isSo: () => boolean): Promise<void> {
  const last = performance.now() + 15_000;
  while (!isSo()) {
    if (performance.now() > last) throw new Error('It did not come to that.');
    await pause(10);
  }
}

/** Ends the connection by which a duty is held, as a restart of the server does. */
const cut = (name: string) =>
  store.pool.query('select pg_terminate_backend(backend) from duties where name = $1', [name]);

test('a duty that was given back is taken over at once', async () => {
  const [one, other] = [candidate('given'), candidate('given')];
  await one.first;
  await until(() => one.taken.length + other.taken.length === 1);
  const [holder, next] = one.taken.length === 1 ? [one, other] : [other, one];
  await holder.stop();
  const begun = performance.now();
  await until(() => next.taken.length === 1);
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('a duty whose connection ended is taken over when the lease is over: the one who had it may not know yet', async () => {
  const one = candidate('cut');
  await one.first;
  const renewed = performance.now();
  await cut('cut');
  await until(() => one.stopped.length === 1);
  await until(() => one.taken.length === 2);
  expect(Number(one.taken[1]?.at) - renewed).toBeGreaterThan(LEASE_MS - 100);
});

test('a fence tells of the loss at the moment when it is known, also while the duty is taken up', async () => {
  let go = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    go = resolve;
  });
  const one = candidate('early', store.pool, () => ready);
  await until(() => one.taken.length === 1);
  const fence = one.taken[0]?.fence;
  expect(fence).not.toThrow();
  await cut('early');
  await until(() => fence?.lost?.aborted === true);
  expect(fence).toThrow(NotInCharge);
  go();
  await until(() => one.stopped.length === 1);
});

test('a store that is silent is given up after a lease, and the duty taken again when it answers', async () => {
  const way = await silentWay(store.url);
  const pool = new Pool({
    ...{ connectionString: way.url, options: '-c search_path=dr,public', connectionTimeoutMillis: 500 },
  });
  pool.on('error', () => undefined);
  const one = candidate('silent', pool);
  await one.first;
  way.silence();
  await until(() => one.stopped.length === 1);
  expect(one.taken[0]?.fence).toThrow(NotInCharge);
  way.heal();
  await until(() => one.taken.length === 2);
  await one.stop();
  await way.close();
  await pool.end();
}, 30_000);
