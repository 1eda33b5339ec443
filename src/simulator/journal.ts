import { mask } from './mask';

/** One request that the simulator received. `status` is null until it was answered, and stays null when the connection was cut. */
export interface JournalEntry {
  readonly seq: number;
  readonly time: string;
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  readonly requestBody?: unknown;
  readonly responseBody?: unknown;
  readonly clientRequestId?: string;
}

/** Every request received, oldest first, with secrets masked. */
export interface Journal {
  list(since?: number): JournalEntry[];
  onRequest(listener: (entry: JournalEntry) => void): () => void;
  /** Writes a request down, tells the listeners, and gives the function that fills in its answer. */
  record(
    request: JournalRequest,
  ): (answer: { readonly status: number | null; readonly body?: unknown }) => void;
  clear(): void;
}

interface JournalRequest {
  readonly time: string;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly clientRequestId: string | undefined;
}

/** Enough for any rehearsal, and little enough for a simulator that runs for weeks. */
const LONGEST = 20_000;

type Written = { -readonly [K in keyof JournalEntry]: JournalEntry[K] };

/** An empty journal. */
export function createJournal(): Journal {
  const entries: Written[] = [];
  const listeners = new Set<(entry: JournalEntry) => void>();
  let seq = 0;
  return {
    list: (since = 0) => entries.filter((entry) => entry.seq > since).map((entry) => ({ ...entry })),
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    record(request) {
      seq += 1;
      const requestBody = mask(request.url, request.body);
      const entry: Written = {
        seq,
        time: request.time,
        method: request.method,
        url: request.url,
        status: null,
        ...(requestBody === undefined ? {} : { requestBody }),
        ...(request.clientRequestId === undefined ? {} : { clientRequestId: request.clientRequestId }),
      };
      entries.push(entry);
      if (entries.length > LONGEST) {
        entries.splice(0, entries.length - LONGEST);
      }
      for (const listener of listeners) {
        listener({ ...entry });
      }
      return ({ status, body }) => {
        entry.status = status;
        const responseBody = mask(request.url, body);
        if (responseBody !== undefined) {
          entry.responseBody = responseBody;
        }
      };
    },
    clear() {
      entries.length = 0;
    },
  };
}
