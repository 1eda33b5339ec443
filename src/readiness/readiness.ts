import type { Azure } from '../azure/azure';
import type { Directory } from '../engine/directory';
import type { Engine } from '../engine/engine';
import type { Estate, ProtectedApp } from '../engine/estate';
import { type Contacts, contactsOf } from './contacts';
import { inventoryFile } from './inventory/inventory-file';
import { type Inventory, takeInventory } from './inventory/take-inventory';
import { type Objectives, objectivesOf } from './objectives';
import { approversThere } from './protection/approvers';
import type { Protection } from './protection/finding';
import { readProtection } from './protection/read-protection';
import type { RollCalls } from './roll-calls';

/** What must be at hand before and on the worst day. None of it changes anything. */
export interface Readiness {
  /** Whom to call; read from the estate file, so that it answers without Azure. */
  readonly contacts: () => Contacts;
  readonly inventory: (app: ProtectedApp) => Promise<Inventory>;
  readonly objectives: (app: ProtectedApp) => Promise<Objectives>;
  readonly protection: (app: ProtectedApp) => Promise<readonly Protection[]>;
  /** All that is needed by hand, as one HTML file to keep outside of Azure. */
  readonly file: (app: ProtectedApp) => Promise<string>;
}

/** How long any one reading may take before it is said to be unknown. */
const PATIENCE_MS = 8_000;

/** Puts what is at hand together. */
export function createReadiness(ports: {
  readonly azure: Azure;
  readonly estate: Estate;
  readonly engine: Pick<Engine, 'runbooks' | 'incidents'>;
  readonly directory: Pick<Directory, 'people'>;
  readonly rollCalls: Pick<RollCalls, 'last'>;
  readonly now: () => Date;
  readonly patienceMs?: number;
}): Readiness {
  const { azure, estate, engine, directory, rollCalls, now, patienceMs = PATIENCE_MS } = ports;
  const inventory = (app: ProtectedApp) => takeInventory(azure, app, now(), patienceMs);
  const objectives = async (app: ProtectedApp) =>
    objectivesOf(app, engine.runbooks, await engine.incidents('all'));
  const contacts = () => contactsOf(estate);
  return {
    ...{ contacts, inventory, objectives },
    protection: async (app) => {
      const [found, last] = await Promise.all([
        readProtection(azure, app, now(), patienceMs),
        rollCalls.last(),
      ]);
      return [...found, approversThere(last, app, directory.people(), now())];
    },
    file: async (app) =>
      inventoryFile({
        ...{ inventory: await inventory(app), contacts: contacts() },
        ...{ objectives: await objectives(app), simulated: estate.simulated },
      }),
  };
}
