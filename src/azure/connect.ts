import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { callWithin } from './call';
import { clientsOf } from './clients';
import type { Connection } from './connection';
import { rawClient } from './raw';
import { secretClients } from './vault/secret-client';

/** What the adapters need from outside. */
export interface AzureOptions {
  /** Default: the environment's service principal (`AZURE_CLIENT_ID`, …), else the managed identity. */
  readonly credential?: TokenCredential;
  readonly now: () => Date;
  /** How far the newest log backup may lie behind now, in minutes; Azure writes one about every 10. */
  readonly logBackupLagMinutes?: number;
  /** How long a resumed run asks the activity log, which lags, for its own request, in milliseconds. */
  readonly activityLogPatienceMs?: number;
  /** How long any one call may take, repetitions of reads included, in milliseconds; 30 s unless told. */
  readonly deadlineMs?: number;
  /** How long Azure may work on a reading that it answers later, in milliseconds; 10 minutes unless told. */
  readonly longReadingMs?: number;
  /** Told in a line what could not be read and was left unknown. */
  readonly log?: (line: string) => void;
}

/** How long one call may take, in milliseconds, to what either answers soon, or is not answering. */
export const briefMs = ({ deadlineMs = 10_000 }: Pick<AzureOptions, 'deadlineMs'>): number =>
  Math.min(deadlineMs, 10_000);

/** A what-if takes seconds, and Azure itself expands a template's nested ones for 5 minutes at most: twice that. */
const LONG_READING_MINUTES = 10;

/** The clients of everything that the bot talks to in Azure, with one credential. Makes no request. */
export function connect(options: AzureOptions): Connection {
  const credential = options.credential ?? new DefaultAzureCredential();
  return {
    clients: clientsOf(credential),
    secrets: secretClients(credential),
    arm: rawClient(credential, 'https://management.azure.com/.default'),
    graph: rawClient(credential, 'https://graph.microsoft.com/.default'),
    call: callWithin(options.deadlineMs ?? 30_000),
    callBriefly: callWithin(briefMs(options)),
    now: options.now,
    logBackupLagMinutes: options.logBackupLagMinutes ?? 10,
    activityLogPatienceMs: options.activityLogPatienceMs ?? 5000,
    longReadingMs: options.longReadingMs ?? LONG_READING_MINUTES * 60_000,
    log: options.log ?? (() => undefined),
  };
}
