import { z } from 'zod/v4';
import type { Readers, Reading } from '../check';
import { type Connection, reading } from '../connection';
import { webAppRef } from '../refs';
import { sameName } from '../resource-id';
import { appWords } from '../web/app-service';

/** What can be checked about a domain. */
export const domainChecks = [
  /** App Service itself sees that the name leads to this target: only then does it issue a certificate. */
  z.object({
    check: z.literal('domain.leads-to'),
    app: webAppRef,
    hostName: z.string(),
    target: z.string(),
  }),
] as const;

/** How each of them is read. */
export const domainReaders = (azure: Connection): Readers<typeof domainChecks> => ({
  'domain.leads-to': (check) => readLeadsTo(azure, check),
});

type LeadsTo = z.infer<(typeof domainChecks)[0]>;

/** WebApps_AnalyzeCustomHostname: DNS as the platform sees it, answers that are still cached included. */
async function readLeadsTo(azure: Connection, { app, hostName, target }: LeadsTo): Promise<Reading> {
  const { web } = azure.clients(app.subscriptionId);
  const seen = await azure.call(reading(`${hostName} as ${appWords(app)} sees it`), (abortSignal) =>
    web.webApps.analyzeCustomHostname(app.resourceGroup, app.app, { hostName, abortSignal }),
  );
  const records = (seen.cNameRecords ?? []).map((one) => one.replace(/\.$/, ''));
  return {
    findings: [
      {
        what: `${hostName} leads to`,
        ...{ expected: target, found: records.join(', ') || 'nothing' },
        ok: records.some((one) => sameName(one, target)),
      },
    ],
    facts: {},
  };
}
