import { createInterface } from 'node:readline/promises';
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
    ask: async (question, until) => {
      clear();
      // One reader for each question: between two of them another program may have the terminal.
      const reader = createInterface({ input, output });
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
    },
  };
}
