import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createFramer, createReader, type Frame, type Statement } from './wire';

/** Statements that the store makes true together: one alone, or those of a transaction. */
export type Unit = readonly Statement[];

/** What a listener wants: that the bot hears of it, or that nothing more goes either way because the bot is dead. */
export type Verdict = 'go on' | 'cut';

/** A way into the store that stands still at every write. */
export interface StoreTap {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * A PostgreSQL proxy that tells of each unit of writes twice: `before` it is true in the store, and `after`, when it
 * is true and the bot has not been told. Both are moments in which a process can die, and no clock finds them.
 */
export async function tapStore(
  storeUrl: string,
  listener: (unit: Unit, when: 'before' | 'after') => Verdict,
): Promise<StoreTap> {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  const server = createServer((bot) => {
    const store = connect(Number(target.port), target.hostname);
    for (const socket of [bot, store]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        bot.destroy();
        store.destroy();
      });
    }
    const watch = watchWrites(listener);
    carry(bot, store, 'client', watch.said);
    carry(store, bot, 'server', watch.answered);
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  const url = new URL(storeUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}

function carry(from: Socket, to: Socket, side: 'client' | 'server', judge: (frame: Frame) => Verdict): void {
  const frame = createFramer(side);
  from.on('data', (chunk: Buffer) => {
    const frames = frame(chunk);
    // All or nothing: what came in one piece with the message that is cut must not get through either.
    if (frames.some((one) => judge(one) === 'cut')) {
      from.destroy();
      to.destroy();
    } else if (frames.length > 0) to.write(Buffer.concat(frames.map(({ raw }) => raw)));
  });
}

const WRITES = /^\s*(insert|update|delete|with)\b/i;

/** Follows one connection, whose client sends a statement only after the one before was answered. */
function watchWrites(listener: (unit: Unit, when: 'before' | 'after') => Verdict) {
  const read = createReader();
  let transaction: Statement[] | null = null;
  let unanswered: Unit = [];

  function said(frame: Frame): Verdict {
    const statement = read(frame);
    if (!statement) return 'go on';
    const word = statement.sql.trim().toLowerCase();
    if (word.startsWith('begin')) transaction = [];
    else if (word.startsWith('rollback')) transaction = null;
    else if (word.startsWith('commit')) {
      unanswered = transaction ?? [];
      transaction = null;
    } else if (WRITES.test(statement.sql)) {
      if (transaction) transaction.push(statement);
      else unanswered = [statement];
    }
    return unanswered.length > 0 ? listener(unanswered, 'before') : 'go on';
  }

  function answered({ type }: Frame): Verdict {
    // `Z`, ready for query: the server says it only when the writes are on disk.
    if (type !== 'Z' || unanswered.length === 0) return 'go on';
    const unit = unanswered;
    unanswered = [];
    return listener(unit, 'after');
  }

  return { said, answered };
}
