import type { Route } from '../arm/route';
import { accountRoutes } from './accounts';
import { storageOperationRoutes } from './async-operations';
import { failoverRoutes } from './failover';
import { keyRoutes } from './keys';

/** Every operation of Microsoft.Storage that the simulator has. */
export const storageRoutes: readonly Route[] = [
  ...accountRoutes,
  ...failoverRoutes,
  ...keyRoutes,
  ...storageOperationRoutes,
];
