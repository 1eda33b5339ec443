import type { Person } from '../engine/approval';
import { appNamed, type Estate } from '../engine/estate';
import type { Readiness } from '../readiness/readiness';
import type { LinkKeys } from './link-keys';
import type { InventoryAsked, Reply } from './reply';

/** The record of an app as a file to keep outside of Azure: taken when it is fetched, by whoever holds a link's key. */
export function createInventoryFiles(ports: {
  readonly readiness: Pick<Readiness, 'file'>;
  readonly estate: Estate;
  readonly keys: LinkKeys;
  readonly now: () => Date;
}) {
  const { readiness, estate, keys, now } = ports;
  // No incident has a colon in its name, so a key to one opens no record, and the other way round.
  const subject = (app: string) => `inventory:${app.toLowerCase()}`;
  return {
    answer: async ({ app: name, ...knock }: InventoryAsked): Promise<Reply> => {
      if (!(await keys.opens(subject(name), knock)))
        return refusal(403, 'This link is not good any more. Type "@dr inventory" for a new one.');
      const app = appNamed(estate, name);
      if (!app) return refusal(404, `There is no protected app "${name}".`);
      const day = now().toISOString().slice(0, 10);
      return {
        ...{ status: 200, body: await readiness.file(app), contentType: 'text/html; charset=utf-8' },
        headers: { 'Content-Disposition': `attachment; filename="${app.name}-recovery-record-${day}.html"` },
      };
    },
    /** A link that gives the record of one app to whoever has it, for a day. */
    link: (app: string, by: Person): Promise<string | null> =>
      keys.link(subject(app), by, `/inventory/${encodeURIComponent(app)}`),
  };
}

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });
