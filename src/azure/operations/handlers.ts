import type { Azure } from '../azure';
import type { Connection } from '../connection';
import type { Operation, OperationHandler, OperationName, OperationOf } from '../operation';
import { createSecondary } from './create-secondary';
import { deleteDatabase } from './delete';
import { endReplication } from './end-replication';
import { joinFailoverGroup } from './join-failover-group';
import { leaveFailoverGroup } from './leave-failover-group';
import { pointInTimeRestore } from './point-in-time-restore';
import { rename } from './rename';
import { restart } from './restart';

type Handlers = { readonly [N in OperationName]: OperationHandler<OperationOf<N>> };

/** How each operation is done. A new operation does not compile until it is in this table. */
export function handlersOf(azure: Connection): Azure['handler'] {
  const handlers: Handlers = {
    'sql.point-in-time-restore': pointInTimeRestore(azure),
    'sql.rename': rename(azure),
    'sql.delete': deleteDatabase(azure),
    'sql.leave-failover-group': leaveFailoverGroup(azure),
    'sql.join-failover-group': joinFailoverGroup(azure),
    'sql.end-replication': endReplication(azure),
    'sql.create-secondary': createSecondary(azure),
    'app.restart': restart(azure),
  };
  // The table pairs each name with its own handler; TypeScript cannot follow that through a generic `O`.
  return <O extends Operation>(operation: O) => handlers[operation.op] as unknown as OperationHandler<O>;
}
