import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import type { Azure } from '../../src/azure/azure';
import type { AzureOptions } from '../../src/azure/connect';
import { createAzure } from '../../src/azure/create-azure';

/** The part of a simulator that a client in the same process needs. */
interface Reachable {
  readonly caFile: string;
  readonly environment: { readonly [name: string]: string };
}

const trusted = new Set<string>();

/**
 * What `HTTPS_PROXY`, `NODE_EXTRA_CA_CERTS` and `AZURE_*` do for a process of its own, done for this one: Node.js
 * reads extra certificates only when it starts, so they are added to each TLS context instead. The clients made
 * afterwards are the untouched production ones.
 */
export function pointAt({ caFile, environment }: Reachable): void {
  Object.assign(process.env, environment);
  const pem = readFileSync(caFile, 'utf8');
  if (trusted.has(pem)) return;
  trusted.add(pem);
  const create = tls.createSecureContext;
  // One for all clients, which bring nothing of their own: making one takes longer than a call.
  let shared: tls.SecureContext | null = null;
  tls.createSecureContext = (options = {}) => {
    const isOwn = [options.ca, options.cert, options.key, options.pfx].some((one) => one !== undefined);
    if (shared && !isOwn) return shared;
    const context = create(options);
    (context.context as { addCACert(pem: string): void }).addCACert(pem);
    if (!isOwn) shared = context;
    return context;
  };
}

/** The production adapters, talking to a simulator in this process. */
export function azureAgainst(simulator: Reachable, options: Partial<AzureOptions> = {}): Azure {
  pointAt(simulator);
  return createAzure({ now: () => new Date(), activityLogPatienceMs: 300, ...options });
}
