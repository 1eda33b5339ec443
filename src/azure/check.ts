import { z } from 'zod/v4';
import { deploymentChecks } from './deployments/checks';
import { domainChecks } from './domain/checks';
import { sqlChecks } from './sql/checks';
import { storageChecks } from './storage/checks';
import { trafficChecks } from './traffic/checks';
import { webChecks } from './web/checks';

/** Every reading that a runbook's check makes, as data. Each service has its own in the folder of its name. */
export const check = z.discriminatedUnion('check', [
  ...sqlChecks,
  ...webChecks,
  ...storageChecks,
  ...trafficChecks,
  ...domainChecks,
  ...deploymentChecks,
]);
export type Check = z.infer<typeof check>;

/** One thing that a check compared. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
}

/** How each of these checks is read. A new check does not compile until it has its reader. */
export type Readers<Checks extends readonly z.ZodObject[]> = {
  readonly [C in z.infer<Checks[number]> as C extends { check: infer N extends string } ? N : never]: (
    check: C,
  ) => Promise<Reading>;
};

/** What a check saw: it passes when every finding is ok. */
export interface Reading {
  readonly findings: readonly Finding[];
  readonly facts: { readonly [name: string]: string | number | boolean | null };
}
