import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Directory } from '../engine/directory';
import type { Engine, IncidentView } from '../engine/engine';
import type { Estate, ProtectedApp } from '../engine/estate';
import type { Readiness } from '../readiness/readiness';
import type { RollCalls } from '../readiness/roll-calls';
import type { Findings } from '../readiness/triage/finding';
import { createKeptTriages } from '../readiness/triage/kept-triages';
import { type Candidate, standBy } from '../store/stand-by';
import { createAdapter } from './adapter';
import type { Delivery } from './admit';
import { type AlertDelivered, createAlerts } from './alerts';
import type { Arrived } from './arrived';
import { createConnector } from './connector';
import type { Credentials } from './credentials';
import { createDegraded } from './degraded';
import { createDoors } from './doors';
import { createDraw } from './draw';
import { startDuty } from './duty';
import { createExports } from './export-links';
import { createGateway } from './gateway';
import { createGovernor } from './governor';
import { createInbox } from './inbox';
import { createInventoryFiles } from './inventory-files';
import { createLinkKeys } from './link-keys';
import { createOutbox } from './outbox';
import { createPresses } from './press';
import { createReferences, type References } from './references';
import type { ExportAsked, InventoryAsked, Reply } from './reply';
import { startSender } from './sender';
import { desiredSurfaces } from './surfaces';
import { createTeller } from './teller';
import { createTokens } from './tokens';
import { createTriageDesk } from './triage-desk';
import type { Desk } from './turn';
import { createValueLinks, type ValueAsked } from './value-links';
import { createWhisper } from './whisper';
import { createWork } from './work';

/** What chat needs from the rest of the bot. */
export interface ChatPorts {
  readonly engine: Engine;
  readonly estate: Estate;
  readonly directory: Directory;
  readonly readiness: Readiness;
  readonly rollCalls: RollCalls;
  readonly pool: Pool;
  /** Probes an app and everything it depends on, within seconds. */
  readonly look: (app: ProtectedApp) => Promise<Findings>;
  readonly now: () => Date;
  /** From 0 to 1; for jitter only, never for secrets. */
  readonly random: () => number;
  readonly log: Logger;
  /** Null: no tokens, and nobody but this machine. */
  readonly credentials: Credentials | null;
  /** Asked when it is not known whether a message was sent. */
  readonly arrived: (references: References) => Arrived;
  /** The bot's address as people's browsers reach it, for export links; null when it is not known. */
  readonly publicUrl: () => string | null;
  /** How alerts are known to be ours, and where they may come from. */
  readonly alerts?: { readonly secret: string | null; readonly anywhere: boolean };
  readonly formPatienceMs?: number;
  readonly readBackMs?: number;
  readonly graphPatienceMs?: number;
}

/** The bot's side of Teams. */
export interface Chat {
  /** Answers an activity that came in over HTTP. */
  readonly messages: (delivery: Delivery) => Promise<Reply>;
  /** Answers for the page where a value is entered. */
  readonly value: (asked: ValueAsked) => Promise<Reply>;
  /** Takes an alert in. */
  readonly alert: (delivered: AlertDelivered) => Promise<Reply>;
  /** Answers for an incident's export. */
  readonly incident: (asked: ExportAsked) => Promise<Reply>;
  /** Answers for the record of an app's resources. */
  readonly inventory: (asked: InventoryAsked) => Promise<Reply>;
  /** Begins to work in the background, first on what an earlier start left. */
  readonly start: () => void;
  /** Ends after what is under way. */
  readonly stop: () => Promise<void>;
}

const FORM_PATIENCE_MS = 20_000;
const READ_BACK_MS = 2_000;
const GRAPH_PATIENCE_MS = 15 * 60_000;

/** Puts the bot's side of Teams together. @throws Error when the credentials cannot be right. */
export function createChat(ports: ChatPorts): Chat {
  const { engine, estate, directory, readiness, pool, now, random, log, credentials, publicUrl } = ports;
  if (!credentials)
    log.warn(
      'NO CREDENTIALS: the bot checks no tokens and listens to this machine only. Set MicrosoftAppId for Teams.',
    );
  const adapter = createAdapter(credentials);
  const connector = createConnector(adapter);
  // One for all that this process sends: Teams counts them together.
  const governor = createGovernor(now, []);
  const references = createReferences(pool);
  const [tokens, outbox, inbox] = [createTokens(pool, now), createOutbox(pool, now), createInbox(pool)];
  const draw = createDraw({ tokens, engine, now });
  const userIds = (view: IncidentView, card: string) => viewersOf(view, card, ports, references);
  const links = createValueLinks({ pool, engine, now, publicUrl, open: credentials === null });
  const kept = createKeptTriages(pool);
  const triages = createTriageDesk({ engine, estate, outbox, tokens, kept, look: ports.look });
  const whisper = createWhisper({ references, connector, governor, now });
  const presses = createPresses({ engine, tokens, draw, triages, userIds, links, whisper, now });
  const keys = createLinkKeys({ pool, now, publicUrl, open: credentials === null });
  const exports = createExports({ pool, engine, keys, now });
  const files = createInventoryFiles({ readiness, estate, keys, now });
  const desk: Desk = {
    ...{ rollCalls: ports.rollCalls, triages },
    ...{ engine, estate, directory, readiness, outbox, tokens, inbox, now, exportLink: exports.link },
    inventoryLink: files.link,
    formPatienceMs: ports.formPatienceMs ?? FORM_PATIENCE_MS,
  };
  const degraded = createDegraded({
    ...{ connector, governor, now, log },
    storeAnswers: () => pool.query('select 1'),
  });
  const work = createWork(desk, { references, connector, presses, log });
  const teller = createTeller({
    ...{ engine, estate, directory, pool, outbox, references, draw, now },
    follow: degraded.follow,
  });
  const { readBackMs = READ_BACK_MS, graphPatienceMs = GRAPH_PATIENCE_MS } = ports;
  const shared = {
    pool,
    references,
    connector,
    governor,
    arrived: ports.arrived(references),
    now,
    random,
    log,
  };
  let candidate: Candidate | null = null;
  const doors = createDoors({
    engine,
    directory,
    inbox,
    references,
    presses,
    now,
    wake: () => candidate?.tell(),
  });

  return {
    messages: createGateway(adapter, { credentials, doors, degraded, log }),
    alert: createAlerts({
      ...{ estate, outbox, tokens, log },
      ...(ports.alerts ?? { secret: null, anywhere: false }),
    }),
    incident: exports.answer,
    value: links.answer,
    inventory: files.answer,
    start: () => {
      const warn = (words: string, error: unknown) => log.warn({ err: error }, words);
      candidate ??= standBy({ pool, name: 'chat', warn }, async (fence) => {
        const sender = await startSender({ ...shared, readBackMs, graphPatienceMs, fence });
        const duty = await startDuty({ inbox, work, teller, sender, engine, now, log });
        const stop = async () => {
          await duty.stop();
          await degraded.handOver();
        };
        return { ...duty, stop };
      });
    },
    stop: async () => {
      degraded.stop();
      await candidate?.stop();
      candidate = null;
    },
  };
}

/** Teams' ids of those who get their own view of a shared card. */
async function viewersOf(
  view: IncidentView,
  card: string,
  { engine, directory, now }: ChatPorts,
  references: References,
): Promise<readonly string[]> {
  const known = await references.acquaintances();
  const surfaces = desiredSurfaces(view, {
    people: directory.people(),
    mri: (person) => known.get(person.toLowerCase())?.mri ?? null,
    progress: engine.progress,
    now: now(),
  });
  const shows = surfaces.find(({ id }) => id === card)?.shows;
  return shows?.card === 'gate' ? shows.userIds : [];
}
