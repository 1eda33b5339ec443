import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { withoutSecrets } from '../without-secrets';
import type { Look } from './look';

/** The terminal: what is written stays, the status line is overwritten. */
export interface Console {
  readonly look: Look;
  /** Whether somebody sits here who can be asked. */
  readonly interactive: boolean;
  readonly write: (words: string) => void;
  /** What goes on right now; empty to take it away. Shown only where a line can be overwritten. */
  readonly status: (line: string) => void;
  /** Asks and waits for a line; null when `until` came first, or nobody is there any more. */
  readonly ask: (question: string, until?: AbortSignal) => Promise<string | null>;
  /** The same for what must not appear. Where nobody sits, it is all that is piped in. */
  readonly askSecret: (question: string, until?: AbortSignal) => Promise<string | null>;
}

/** The console of this process. */
export function createConsole(
  { input, output }: { input: NodeJS.ReadStream; output: NodeJS.WriteStream },
  { noColour, interrupted }: { noColour: boolean; interrupted: () => void },
): Console {
  let shown = '';
  const clear = () => {
    if (shown !== '') output.write('\r\u001B[2K');
    shown = '';
  };
  const look: Look = {
    get colour() {
      return output.isTTY === true && !noColour;
    },
    get width() {
      return Math.max(40, Math.min(110, (output.columns ?? 101) - 1));
    },
  };
  return {
    look,
    interactive: input.isTTY === true && output.isTTY === true,
    write: (words) => {
      clear();
      output.write(`${withoutSecrets(words)}\n`);
    },
    status: (line) => {
      if (output.isTTY !== true || line === shown) return;
      clear();
      shown = line.length > look.width ? `${line.slice(0, look.width - 1)}…` : line;
      output.write(shown);
    },
    ask: (question, until) => {
      clear();
      return askOn({ input, output }, question, { until, interrupted });
    },
    askSecret: async (question, until) => {
      clear();
      if (input.isTTY !== true) return text(input);
      output.write(question);
      const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
      const typed = await askOn({ input, output: nothing }, '', { until, interrupted });
      output.write('\n');
      return typed;
    },
  };
}

/** Asks with a reader of its own: between two questions another program may have the terminal. */
async function askOn(
  { input, output }: { input: NodeJS.ReadStream; output: Writable },
  question: string,
  { until, interrupted }: { until: AbortSignal | undefined; interrupted: () => void },
): Promise<string | null> {
  const reader = createInterface({ input, output, terminal: input.isTTY === true });
  reader.on('SIGINT', interrupted);
  const closed = new Promise<null>((done) => reader.once('close', () => done(null)));
  try {
    const asked = until ? reader.question(question, { signal: until }) : reader.question(question);
    return await Promise.race([asked, closed]);
  } catch (error) {
    if (!until?.aborted) throw error;
    output.write('\n');
    return null;
  } finally {
    reader.close();
  }
}
