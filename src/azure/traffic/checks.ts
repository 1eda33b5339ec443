import { z } from 'zod/v4';
import type { Readers, Reading } from '../check';
import type { Connection } from '../connection';
import { trafficProfileRef } from '../refs';
import { trafficProfile } from './readings';

/** What can be checked about Traffic Manager. */
export const trafficChecks = [
  /** The profile answers with this endpoint: it is the first one that may take traffic, and it is online. */
  z.object({ check: z.literal('traffic.leads-to'), profile: trafficProfileRef, endpoint: z.string() }),
] as const;

/** How each of them is read. */
export const trafficReaders = (azure: Connection): Readers<typeof trafficChecks> => ({
  'traffic.leads-to': (check) => readLeadsTo(azure, check),
});

type LeadsTo = z.infer<(typeof trafficChecks)[0]>;

async function readLeadsTo(azure: Connection, { profile, endpoint }: LeadsTo): Promise<Reading> {
  const found = await trafficProfile(azure, profile);
  const usable = (found?.endpoints ?? []).filter((one) => one.enabled && one.monitor !== 'Stopped');
  const online = usable.find((one) => one.monitor === 'Online' || one.monitor === 'CheckingEndpoint');
  const answer = online ?? usable[0];
  const state = found?.endpoints.find((one) => one.name === endpoint)?.monitor ?? 'not there';
  return {
    findings: [
      {
        what: `${found?.fqdn ?? profile.profile} answers with`,
        ...{ expected: endpoint, found: answer?.name ?? 'nothing', ok: answer?.name === endpoint },
      },
      { what: `Endpoint ${endpoint}`, expected: 'Online', found: state, ok: state === 'Online' },
    ],
    facts: {},
  };
}
