import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Engine } from '../engine/engine';
import type { Duty } from '../store/stand-by';
import type { Inbox, Letter } from './inbox';
import type { Sender } from './sender';
import type { Teller } from './teller';
import type { Worked } from './turn';

const LOOK_EVERY_MS = 1_000;
const REDRAW_EVERY_MS = 20_000;
const STOP_PATIENCE_MS = 2_000;
const FIRST_LATER_MS = 250;
const LONGEST_LATER_MS = 5_000;

/**
 * All that goes on in the background: working on what came in, telling what happened, sending. What a crash left
 * behind is taken up first.
 */
export async function startDuty(ports: {
  readonly inbox: Inbox;
  readonly work: (letter: Letter) => Promise<Worked>;
  readonly teller: Teller;
  readonly sender: Sender;
  readonly engine: Pick<Engine, 'onChange'>;
  readonly now: () => Date;
  readonly log: Logger;
}): Promise<Duty> {
  const { inbox, work, teller, sender, engine, now, log } = ports;
  const stopping = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const telling = new Map<string, Promise<void>>();
  const changedMeanwhile = new Set<string>();

  async function readInbox(): Promise<void> {
    if (stopping.signal.aborted) return;
    for (const letter of await inbox.next([...underWay.keys()], now()))
      if (!underWay.has(letter.id)) underWay.set(letter.id, workOn(letter));
  }

  async function workOn(letter: Letter): Promise<void> {
    try {
      const worked = await work(letter);
      if (worked === 'done') await inbox.done(letter.id, now());
      else await putOff(letter);
    } catch (error) {
      log.error(
        { err: error, letter: letter.id },
        'The store cannot keep what came of a message; trying again.',
      );
    } finally {
      underWay.delete(letter.id);
      sender.wake();
    }
  }

  async function putOff({ id, attempt }: Letter): Promise<void> {
    const ms = Math.min(LONGEST_LATER_MS, FIRST_LATER_MS * 2 ** Math.min(attempt - 1, 10));
    await inbox.later(id, new Date(now().getTime() + ms));
    setTimeout(look, ms + 5).unref();
  }

  /** One telling of an incident at a time; what changes meanwhile is told right after. */
  function tell(incident: string): void {
    if (stopping.signal.aborted) return;
    if (telling.has(incident)) {
      changedMeanwhile.add(incident);
      return;
    }
    const told = teller
      .tell(incident)
      .then((came) => {
        if (came === 'later') setTimeout(() => tell(incident), LOOK_EVERY_MS).unref();
      })
      .catch((error: unknown) =>
        log.error({ err: error, incident }, 'An incident could not be told; trying again.'),
      )
      .finally(() => {
        telling.delete(incident);
        sender.wake();
        if (changedMeanwhile.delete(incident)) tell(incident);
      });
    telling.set(incident, told);
  }

  async function tellAll(): Promise<void> {
    for (const incident of await teller.unfinished()) tell(incident);
  }

  const guarded = (act: () => Promise<void>) => () => {
    act().catch((error: unknown) => log.error({ err: error }, 'The store cannot be read; trying again.'));
  };
  const look = guarded(readInbox);
  const redraw = guarded(tellAll);
  const unsubscribe = engine.onChange(tell);
  const timers = [setInterval(look, LOOK_EVERY_MS), setInterval(redraw, REDRAW_EVERY_MS)];
  look();
  redraw();
  return {
    wake: () => {
      look();
      sender.wake();
    },
    stop: async () => {
      stopping.abort();
      unsubscribe();
      for (const timer of timers) clearInterval(timer);
      // What takes longer, such as Azure being read for a form, is done anew at the next start.
      const patience = sleep(STOP_PATIENCE_MS, undefined, { ref: false });
      await Promise.race([Promise.all([...underWay.values(), ...telling.values()]), patience]);
      await sender.stop();
    },
  };
}
