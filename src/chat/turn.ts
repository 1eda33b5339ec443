import type { Person } from '../engine/approval';
import type { Directory } from '../engine/directory';
import type { Engine } from '../engine/engine';
import type { Estate } from '../engine/estate';
import type { JsonObject } from '../incidents/json';
import type { Readiness } from '../readiness/readiness';
import type { RollCalls } from '../readiness/roll-calls';
import type { Sign } from './action';
import type { Asker } from './asker';
import { drawNotice, type Notice } from './cards/draw-notice';
import type { Inbox } from './inbox';
import type { Outbox } from './outbox';
import type { Tokens } from './tokens';
import type { TriageDesk } from './triage-desk';

/** What commands work with. */
export interface Desk {
  readonly engine: Engine;
  readonly estate: Estate;
  readonly directory: Directory;
  readonly readiness: Readiness;
  readonly outbox: Outbox;
  readonly tokens: Tokens;
  readonly inbox: Inbox;
  readonly rollCalls: RollCalls;
  readonly triages: TriageDesk;
  readonly now: () => Date;
  /** How long reading Azure for a form may take, in milliseconds. */
  readonly formPatienceMs: number;
  /** Makes a link to an incident's export that works for a while; null when the bot does not know its own address. */
  readonly exportLink: (incident: string, format: 'json' | 'markdown', by: Person) => Promise<string | null>;
  /** The same for the record of an app's resources, as a file. */
  readonly inventoryLink: (app: string, by: Person) => Promise<string | null>;
}

/** One thing that a person said or pressed, being worked on. */
export interface Turn {
  /** Everything that is done about it derives its ids from this one. */
  readonly id: string;
  readonly asker: Asker;
  /** When the bot heard it: "ten minutes ago" counts from here, however often it is worked on. */
  readonly at: Date;
  /** When it was said, by Teams' own time. */
  readonly saidAt: Date;
  /** Who said it: somebody else than who asks, where that one pressed a button on words of theirs. */
  readonly author: { readonly id: string; readonly name: string };
  /** The message whose button was pressed, as Teams knows it; the answer takes its place. Null: a new message. */
  readonly replaces: string | null;
}

/** What became of working on something: it is done, or it must be looked at again in a while. */
export type Worked = 'done' | 'later';

/** Answers with a card, or redraws an earlier answer to the same turn. */
export async function answer(
  { outbox, tokens }: Desk,
  turn: Turn,
  drawing: (sign: Sign) => JsonObject,
): Promise<void> {
  const id = `answer:${turn.id}`;
  const card = await tokens.draw(id, null, drawing);
  const message = { id, conversation: turn.asker.conversation, content: { card } };
  if (turn.replaces === null) await outbox.put([message]);
  else await outbox.redraw(turn.replaces, message);
}

/** Answers with a notice. */
export const notice = (desk: Desk, turn: Turn, words: Omit<Notice, 'sign'>): Promise<void> =>
  answer(desk, turn, (sign) => drawNotice({ ...words, sign }));
