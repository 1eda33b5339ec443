import type { z } from 'zod/v4';
import type { Azure } from './azure';
import type { Connection } from './connection';
import { deploymentHandlers } from './deployments/handlers';
import { domainHandlers } from './domain/handlers';
import { graphHandlers } from './graph/handlers';
import type { Operation, OperationHandler, OperationName, OperationOf } from './operation';
import { sqlHandlers } from './sql/handlers';
import { storageHandlers } from './storage/handlers';
import { trafficHandlers } from './traffic/handlers';
import { vaultHandlers } from './vault/handlers';
import { webHandlers } from './web/handlers';

/** How each of these operations is done. A new operation does not compile until it is in its table. */
export type HandlersOf<Operations extends readonly z.ZodObject[]> = {
  readonly [O in z.infer<Operations[number]> as O extends { op: infer N extends string }
    ? N
    : never]: O extends Operation ? OperationHandler<O> : never;
};

type Handlers = { readonly [N in OperationName]: OperationHandler<OperationOf<N>> };

/** How each operation is done, whichever service it belongs to. */
export function handlersOf(azure: Connection): Azure['handler'] {
  const handlers: Handlers = {
    ...sqlHandlers(azure),
    ...webHandlers(azure),
    ...vaultHandlers(azure),
    ...storageHandlers(azure),
    ...trafficHandlers(azure),
    ...domainHandlers(azure),
    ...graphHandlers(azure),
    ...deploymentHandlers(azure),
  };
  // The table pairs each name with its own handler; TypeScript cannot follow that through a generic `O`.
  return <O extends Operation>(operation: O) => handlers[operation.op] as unknown as OperationHandler<O>;
}
