import { z } from 'zod/v4';
import type { Answer, Engine, IncidentView } from '../engine/engine';
import { DECIDES, roleRefusal } from '../engine/may';
import type { Decision } from '../incidents/event';
import type { JsonObject } from '../incidents/json';
import { isStoreGone } from '../store/store-gone';
import { sayClockUtc } from '../words/say';
import type { CardAction } from './action';
import type { Asker } from './asker';
import { drawLink } from './cards/draw-link';
import { drawWaiting } from './cards/draw-notice';
import { RECORDED, UNSURE } from './degraded';
import type { Draw } from './draw';
import { gateCardId, gateOfCard } from './surfaces';
import type { Tokens } from './tokens';
import type { TriageDesk } from './triage-desk';
import type { ValueLinks } from './value-links';
import type { Whisper } from './whisper';

/** What a press is answered with: another card for this person, or words beside the card. */
export type Pressed =
  | {
      readonly card: JsonObject;
      /** For the one who pressed alone: where it cannot be shown so, it must not be shown at all. */
      readonly private?: true;
    }
  | { readonly words: string };

/** What came back from a card: the one-shot token, and what was filled in. */
export interface Press {
  readonly token: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const LONGEST_INPUT = 4_000;
const MOST_INPUTS = 40;
const data = z.looseObject({ token: z.string().min(10).max(100) });

/** Reads what a card sent; null when it carries no token, so was not drawn by this bot. */
export function readPress(value: unknown): Press | null {
  const read = data.safeParse(value);
  if (!read.success) return null;
  const { token, ...rest } = read.data;
  const inputs = Object.entries(rest)
    .slice(0, MOST_INPUTS)
    .flatMap(([name, input]) =>
      typeof input === 'string' ? [[name, input.slice(0, LONGEST_INPUT)] as const] : [],
    );
  return { token, inputs: Object.fromEntries(inputs) };
}

const UNKNOWN =
  'This button is not one of this bot, or it is too old. Nothing was changed. Type "@dr status".';
const FOREIGN = 'This button was drawn for somebody else. Nothing was changed.';
const USED = 'This button was already used, and works once. Nothing was changed.';

/** Does what buttons stand for, from the store alone: Azure is never asked while Teams waits. */
export function createPresses(ports: {
  readonly engine: Engine;
  readonly tokens: Tokens;
  readonly draw: Draw;
  readonly triages: TriageDesk;
  readonly userIds: (view: IncidentView, card: string) => Promise<readonly string[]>;
  readonly links: Pick<ValueLinks, 'give'>;
  readonly whisper: Whisper;
  readonly now: () => Date;
}) {
  const { engine, tokens, draw, triages, userIds, links, whisper, now } = ports;

  /** `work` keeps what is to be done in the background under a key of its own. */
  async function press(
    asker: Asker,
    { token, inputs }: Press,
    work: (key: string) => Promise<void>,
  ): Promise<Pressed> {
    const person = asker.person.id.toLowerCase();
    const known = await tokens.look(token, person);
    if (known.kind === 'unknown') return { words: UNKNOWN };
    if (known.kind === 'foreign') return { words: FOREIGN };
    const { action } = known;
    if (known.kind === 'used') return (await current(asker, action)) ?? { words: USED };
    switch (action.verb) {
      case 'request':
      case 'form':
      case 'say': {
        const refusal = action.verb === 'say' ? null : roleRefusal(asker.person, DECIDES);
        if (refusal) return { words: refusal };
        return doing(async (done) => {
          await work(`press:${token}`);
          done();
          await tokens.use(token, person);
          if (action.verb === 'form' && action.triage !== undefined) await triages.show(action.triage);
          return action.verb === 'request'
            ? { card: drawWaiting({ title: 'Reading Azure…', words: 'The plan follows here in a moment.' }) }
            : { words: action.verb === 'form' ? 'Reading Azure… The form follows in a moment.' : 'On it.' };
        });
      }
      // Pressed again it gives a new link, which is why its token is not spent.
      case 'enter':
        return enter(asker, action);
      case 'triage-answer':
      case 'triage-look': {
        // Anybody may: a triage changes nothing.
        return doing(async (done) => {
          const card =
            action.verb === 'triage-look'
              ? await triages.lookAsked(action)
              : await triages.told(asker, action, now());
          await work(`press:${token}`);
          done();
          await tokens.use(token, person);
          return card ? { card } : { words: UNKNOWN };
        });
      }
      default:
        return doing(async (done) => {
          const answer = await carryOut(asker, action, inputs, `press:${token}:${person}`);
          if (!answer.ok) return { words: answer.words };
          done();
          await tokens.use(token, person);
          return (await current(asker, action)) ?? { words: 'Done.' };
        });
    }
  }

  async function enter(
    { person }: Asker,
    { run, stage }: Extract<CardAction, { verb: 'enter' }>,
  ): Promise<Pressed> {
    const refusal = roleRefusal(person, DECIDES);
    if (refusal) return { words: refusal };
    const link = await links.give(person, run, stage);
    if ('refused' in link) return { words: link.refused };
    const card = drawLink(link);
    // In the place of the run's card it would be gone with that card's next redraw.
    return (await whisper(person.id, card))
      ? {
          words: `The link is in your own chat with the bot. It works once, until ${sayClockUtc(link.until)}.`,
        }
      : { card, private: true };
  }

  async function carryOut(
    { person }: Asker,
    action: Exclude<Extract<CardAction, { run: string }>, { verb: 'enter' }>,
    inputs: Press['inputs'],
    id: string,
  ): Promise<Answer> {
    const reason = (inputs['reason'] ?? '').trim();
    const told = { id, run: action.run, by: person, at: now() };
    switch (action.verb) {
      case 'vote': {
        const { stage, planHash, choice } = action;
        return engine.vote({ ...told, stage, planHash, choice, reason });
      }
      case 'break-glass':
        return engine.breakGlass({ ...told, stage: action.stage, planHash: action.planHash, reason });
      case 'review':
        return engine.signReview({ ...told, stage: action.stage, round: action.round, words: reason });
      case 'withdraw':
        return engine.withdraw({ ...told, stage: action.stage, reason });
      case 'decide':
      case 'abort': {
        const refusal = roleRefusal(person, DECIDES);
        if (refusal) return { ok: false, words: refusal };
        if (action.verb === 'abort') return engine.abort({ ...told, reason });
        const decision = decisionOf(action.choice, reason);
        return decision
          ? engine.decide({ ...told, pause: action.pause, decision })
          : {
              ok: false,
              words: 'Say why this step may be left out: fill in the reason, then press Skip again.',
            };
      }
    }
  }

  /** The card that an action stands on, as it is for this person now; null for cards that do not stand. */
  async function current({ person, zone }: Asker, action: CardAction): Promise<Pressed | null> {
    if (action.verb === 'triage-answer' || action.verb === 'triage-look') {
      const card = await triages.show(action.triage);
      return card ? { card } : null;
    }
    if (!('run' in action)) return null;
    const view = await engine.incidentOfRun(action.run);
    const run = view?.runs.find((one) => one.run === action.run);
    if (!view || !run) return null;
    if (action.verb === 'review') return { card: await draw.review(view, run, action.stage, action.round) };
    if (action.verb !== 'vote' && action.verb !== 'withdraw' && action.verb !== 'break-glass')
      return { card: await draw.headline(view, run) };
    const id = gateCardId(action.run, action.stage, action.round);
    return viewOf(view, id, { person, zone });
  }

  async function viewOf(
    view: IncidentView,
    id: string,
    { person: viewer, zone }: Pick<Asker, 'person' | 'zone'>,
  ): Promise<Pressed | null> {
    const gate = gateOfCard(view, id);
    if (!gate) return null;
    return {
      card: await draw.gateFor(view, id, { ...gate, viewer, zone, userIds: await userIds(view, id) }),
    };
  }

  return {
    press,
    /** What this person sees of a card that all see. Changes nothing. */
    refresh: async (asker: Asker, card: string): Promise<Pressed> => {
      const [kind, run = ''] = card.split(':');
      const view = kind === 'gate' ? await engine.incidentOfRun(run) : null;
      return (
        (view && (await viewOf(view, card, asker))) ?? {
          words: 'This card is not kept any more. Type "@dr status".',
        }
      );
    },
  };
}

/** Does what is recorded in the store, whose going says nothing of what it has written; `done` is told that it has. */
async function doing(act: (done: () => void) => Promise<Pressed>): Promise<Pressed> {
  let isDone = false;
  try {
    return await act(() => {
      isDone = true;
    });
  } catch (error) {
    if (!isStoreGone(error)) throw error;
    return { words: isDone ? RECORDED : UNSURE };
  }
}

function decisionOf(choice: Decision['choice'], reason: string): Decision | null {
  switch (choice) {
    case 'retry':
    case 'undo':
      return { choice };
    case 'stop':
      return { choice, reason };
    case 'skip':
      return reason === '' ? null : { choice, reason };
  }
}
