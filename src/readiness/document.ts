import type { Estate } from '../engine/estate';

/** How fast an Azure support plan answers a Severity A, and what it costs ("Emergency Contacts" in the document). */
export const supportPlans: {
  readonly [plan in Estate['supportPlan']]: { readonly answersIn: string; readonly cost: string };
} = {
  Basic: { answersIn: 'no promise', cost: 'free' },
  Developer: { answersIn: '8 hours', cost: 'about $29 a month' },
  Standard: { answersIn: '1 hour', cost: 'about $100 a month' },
  'Professional Direct': { answersIn: '15 minutes', cost: 'about $1,000 a month' },
};

/** The plans that the document recommends for production, or better. */
export const enoughForProduction: readonly Estate['supportPlan'][] = ['Standard', 'Professional Direct'];

/** What the document promises by tier ("Recovery Objectives"). */
export const targets: readonly {
  readonly tier: 2 | 3;
  readonly rtoMinutes: readonly [number, number];
  readonly rpo: string;
  readonly risk: string;
}[] = [
  {
    ...{ tier: 2, rtoMinutes: [60, 120] },
    rpo: '5 minutes (SQL), 0 minutes (storage with GRS)',
    risk: 'Minimal, geo-redundant backups',
  },
  {
    ...{ tier: 3, rtoMinutes: [15, 30] },
    rpo: 'Near-zero with active geo-replication',
    risk: 'Near-zero',
  },
];

/** Where the document is wrong about them, as measured or read since. */
export const knownCaveats: readonly string[] = [
  'A region loss is restored from a geo-backup, which can be an hour old: more than 5 minutes.',
  'Storage is not at 0: an unplanned failover loses what was written after the Last Sync Time.',
  'An automatic failover of a failover group begins after its grace period, at least 1 hour.',
];

/** Where a support request is made. */
export const SUPPORT_PAGE = 'https://portal.azure.com/#blade/Microsoft_Azure_Support';
