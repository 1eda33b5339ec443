import type { PoolClient } from 'pg';
import { type Fence, NotInCharge } from '../fence';

/** The part of a lease before whose end a process stops acting, since clocks are not compared; and how often it renews. */
const [MARGIN, RENEW_EVERY] = [1 / 4, 1 / 6];

/** The right to a duty for as long as it is renewed. */
export interface Lease {
  readonly fence: Fence;
  /** Ends it for this process, whatever the store knows. */
  readonly end: () => void;
  /** Says in the store that nobody has to wait for its end: this process does nothing under it any more. */
  readonly release: () => Promise<void>;
}

/** Whether a duty's last lease is over or was released, so that nobody can be acting under it. `$1` its name, `$2` ms. */
export const leaseIsOver = `not exists (select from duties
  where name = $1 and renewed_at > clock_timestamp() - $2 * interval '1 millisecond')`;

/**
 * Says again and again that this process is there, and tells how long that holds. `lose` is told once it does not,
 * or when the store is silent for the length of a lease.
 */
export async function startLease(
  client: PoolClient,
  { name, leaseMs }: { readonly name: string; readonly leaseMs: number },
  lose: (error: Error) => void,
): Promise<Lease> {
  // Counted from before the question is sent, on a clock that goes on while a process is stopped.
  let renewedAt = performance.now();
  const { rows } = await client.query<{ epoch: string }>(
    `insert into duties (name, epoch, backend, renewed_at) values ($1, 1, pg_backend_pid(), clock_timestamp())
     on conflict (name) do update
        set epoch = duties.epoch + 1, backend = pg_backend_pid(), renewed_at = clock_timestamp()
     returning epoch`,
    [name],
  );
  const epoch = rows[0]?.epoch;
  const ended = new AbortController();
  const silentMs = () => performance.now() - renewedAt;
  let asking = false;
  const renew = async (): Promise<void> => {
    if (asking) {
      // A connection whose other end is gone without a word would be waited for until the kernel gives it up.
      if (silentMs() > leaseMs) lose(new NotInCharge('The store has been silent for the length of a lease.'));
      return;
    }
    asking = true;
    const asked = performance.now();
    try {
      const { rowCount } = await client.query(
        'update duties set renewed_at = clock_timestamp() where name = $1 and epoch = $2',
        [name, epoch],
      );
      if (rowCount === 1) renewedAt = asked;
      else lose(new NotInCharge(`Another process has taken over to ${name}.`));
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void renew(), leaseMs * RENEW_EVERY);
  const look = (): void => {
    // Known to be over: what is still under way must not go on beside what the next holder begins, perhaps in this process.
    if (ended.signal.aborted) throw new NotInCharge(`The right to ${name} has ended. Nothing is sent.`);
    if (silentMs() > leaseMs * (1 - MARGIN))
      throw new NotInCharge(
        `This process has not been heard of by the store for too long, so another one may ${name} by now. Nothing is sent.`,
      );
  };
  return {
    fence: Object.assign(look, { lost: ended.signal }),
    end: () => {
      clearInterval(timer);
      ended.abort();
    },
    release: async () => {
      await client.query(`update duties set renewed_at = '-infinity' where name = $1 and epoch = $2`, [
        name,
        epoch,
      ]);
    },
  };
}
