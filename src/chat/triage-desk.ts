import type { Person } from '../engine/approval';
import type { Engine } from '../engine/engine';
import { appNamed, type Estate, type ProtectedApp } from '../engine/estate';
import type { JsonObject } from '../incidents/json';
import type { Answers } from '../readiness/triage/answers';
import type { Findings } from '../readiness/triage/finding';
import type { KeptTriage, KeptTriages } from '../readiness/triage/kept-triages';
import { triageEvent } from '../readiness/triage/record';
import { triage } from '../readiness/triage/triage';
import type { CardAction } from './action';
import type { Asker } from './asker';
import { drawTriage } from './cards/draw-triage';
import type { Outbox } from './outbox';
import type { Tokens } from './tokens';
import type { Turn } from './turn';

/** The triages that stand in conversations: one living card each, drawn from the store alone. */
export interface TriageDesk {
  /** Begins a triage in the turn's conversation, says so at once, and looks. */
  readonly open: (turn: Turn, app: ProtectedApp, answers: Answers) => Promise<void>;
  /** Carries out the look that its button asked for. */
  readonly look: (action: Extract<CardAction, { verb: 'triage-look' }>, turn: Turn) => Promise<void>;
  /** Shows that a look was asked for; gives the card as it is then. */
  readonly lookAsked: (action: Extract<CardAction, { verb: 'triage-look' }>) => Promise<JsonObject | null>;
  /** Keeps an answer and shows what follows from it; gives the card as it is then. */
  readonly told: (
    asker: Asker,
    action: Extract<CardAction, { verb: 'triage-answer' }>,
    at: Date,
  ) => Promise<JsonObject | null>;
  /** Writes what follows from an answer into the incident that is open in the thread. */
  readonly recordAnswer: (
    action: Extract<CardAction, { verb: 'triage-answer' }>,
    turn: Turn,
  ) => Promise<void>;
  /** Writes the triage that led to a run into the incident that this run has just opened. */
  readonly recordInto: (incident: string, turn: Turn, app: string) => Promise<void>;
  /** The card as it is now, redrawn for all with fresh buttons; null when there is no such triage. */
  readonly show: (id: string) => Promise<JsonObject | null>;
}

/** How old a triage may be to belong to what is begun in its conversation, in milliseconds. */
const LEADS_TO_A_RUN_MS = 6 * 3_600_000;

/** Puts the desk together. `look` reads Azure within seconds and never throws but for bugs. */
export function createTriageDesk(ports: {
  readonly engine: Pick<Engine, 'runbooks' | 'incidents' | 'note'>;
  readonly estate: Estate;
  readonly outbox: Outbox;
  readonly tokens: Tokens;
  readonly kept: KeptTriages;
  readonly look: (app: ProtectedApp) => Promise<Findings>;
}): TriageDesk {
  const { engine, estate, outbox, tokens, kept, look } = ports;

  const decided = ({ findings, answers }: KeptTriage, app: ProtectedApp) =>
    findings ? triage(findings, answers, app) : null;

  async function shown(one: KeptTriage | null): Promise<JsonObject | null> {
    const app = one && appNamed(estate, one.app);
    if (!one || !app) return null;
    const id = messageOf(one.id);
    const card = await tokens.draw(id, null, (sign) =>
      drawTriage(one, decided(one, app), {
        ...{ app, sign, simulated: estate.simulated },
        has: (runbook) => engine.runbooks.has(runbook),
      }),
    );
    await outbox.put([{ id, conversation: one.conversation, content: { card } }]);
    return card;
  }

  async function probe(one: KeptTriage, by: Person, at: Date): Promise<void> {
    const app = appNamed(estate, one.app);
    if (!app) return;
    const found = one.looking ? await kept.saw(one.id, one.round, await look(app)) : one;
    await shown(found);
    if (found) await record(found, by, at);
  }

  /** The incident that is open in the triage's own thread. */
  async function incidentOf({ app, conversation }: KeptTriage): Promise<string | null> {
    const open = await engine.incidents('open');
    return open.find((view) => view.app === app && view.conversation === conversation)?.incident ?? null;
  }

  /** One entry for each look and for each answer; written twice it is there once. */
  async function record(one: KeptTriage, by: Person, at: Date, into?: string): Promise<void> {
    const app = appNamed(estate, one.app);
    const result = app && decided(one, app);
    const incident = into ?? (await incidentOf(one));
    if (!result || !one.findings || incident === null) return;
    const event = triageEvent(one.findings, one.answers, result);
    const said = event.answers.map(({ question, answer, by: who }) => `${question}${answer}${who}`).join();
    const id = `triage:${one.id}:${one.round}:${said}`;
    await engine.note({ id, incident, event, by, at });
  }

  return {
    open: async (turn, app, answers) => {
      const one = await kept.begin({
        ...{ id: turn.id, app: app.name, conversation: turn.asker.conversation, answers },
        ...{ askedBy: turn.asker.person.name, begunAt: turn.at },
      });
      if (!one.findings) await shown(one);
      await probe(one, turn.asker.person, turn.at);
    },
    lookAsked: async ({ triage: id, round }) => shown(await kept.again(id, round)),
    look: async ({ triage: id, round }, turn) => {
      const one = await kept.again(id, round);
      if (one) await probe(one, turn.asker.person, turn.at);
    },
    told: async ({ person }, { triage: id, question, value }, at) => {
      const answer =
        value === null
          ? null
          : { value, by: person.name, at: at.toISOString().replace(/\.\d+Z$/, 'Z'), how: 'pressed' as const };
      return shown(await kept.told(id, question, answer));
    },
    recordAnswer: async ({ triage: id }, turn) => {
      const one = await kept.find(id);
      if (one) await record(one, turn.asker.person, turn.at);
    },
    recordInto: async (incident, turn, app) => {
      const one = await kept.newest(turn.asker.conversation, app);
      const recent = one && turn.at.getTime() - one.begunAt.getTime() < LEADS_TO_A_RUN_MS;
      if (one && recent) await record(one, turn.asker.person, turn.at, incident);
    },
    show: async (id) => shown(await kept.find(id)),
  };
}

/** The id under which a triage's message stands: that of the answer to the turn which began it. */
const messageOf = (id: string): string => `answer:${id}`;
