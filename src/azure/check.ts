import { z } from 'zod/v4';
import { sqlServerRef, webAppRef } from './operation';

/** Every reading that a runbook's check makes, as data. */
export const check = z.discriminatedUnion('check', [
  /** A restored copy is what was asked for, before it may replace production. */
  z.object({
    check: z.literal('sql.restored-copy'),
    server: sqlServerRef,
    database: z.string(),
    expected: z.object({
      tier: z.string(),
      /** The restore point that was asked for, UTC. */
      restorePoint: z.iso.datetime(),
      /** Bytes that the source used when the plan was made; null where Azure did not say. */
      sourceBytes: z.number().nullable(),
      collation: z.string().nullable(),
    }),
  }),
  /** The database under this name is the one with this id, and online: what a swap must leave behind. */
  z.object({
    check: z.literal('sql.database-is'),
    server: sqlServerRef,
    database: z.string(),
    databaseId: z.string(),
  }),
  /** The app's own health endpoint answers green. */
  z.object({ check: z.literal('app.healthy'), app: webAppRef, url: z.url() }),
]);
export type Check = z.infer<typeof check>;

/** One thing that a check compared. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
}

/** What a check saw: it passes when every finding is ok. */
export interface Reading {
  readonly findings: readonly Finding[];
  readonly facts: { readonly [name: string]: string | number | boolean | null };
}
