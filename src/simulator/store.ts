import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isObject, parseJson } from './json';
import type { State } from './state';

/** Keeps the state in one file, or nowhere when there is no file. */
export interface Store {
  load(): State | undefined;
  /** Writes soon; many changes become one write. */
  saveSoon(state: State): void;
  /** Writes now and returns when the disk has it. */
  save(state: State): void;
  /** Writes what is still waiting. */
  flush(): void;
}

const SOON_MS = 50;

/** A store over one file, replaced whole on each write so that a crash leaves the old state or the new, never half of one. */
export function createStore(file: string | undefined): Store {
  let waiting: { readonly state: State; readonly timer: NodeJS.Timeout } | undefined;
  const save = (state: State): void => {
    clearTimeout(waiting?.timer);
    waiting = undefined;
    if (file !== undefined) {
      writeWhole(file, JSON.stringify(state));
    }
  };
  return {
    load() {
      if (file === undefined || !existsSync(file)) {
        return undefined;
      }
      const state = parseJson(readFileSync(file, 'utf8'));
      if (!isState(state)) {
        throw new Error(
          `The simulator's state in ${file} cannot be read. Delete the file to begin with a fresh estate.`,
        );
      }
      return state;
    },
    saveSoon(state) {
      if (file !== undefined && waiting === undefined) {
        waiting = { state, timer: setTimeout(() => save(state), SOON_MS).unref() };
      }
    },
    save,
    flush() {
      if (waiting !== undefined) {
        save(waiting.state);
      }
    },
  };
}

function isState(value: unknown): value is State {
  return (
    isObject(value) && value['version'] === 2 && isObject(value['clock']) && Array.isArray(value['databases'])
  );
}

function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, file);
}
