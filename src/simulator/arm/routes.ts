import { deploymentRoutes } from '../deployments/routes';
import { availabilityRoutes } from '../health/availability';
import { networkRoutes } from '../network/routes';
import { sqlRoutes } from '../sql/routes';
import { storageRoutes } from '../storage/routes';
import { vaultRoutes } from '../vault/vault-routes';
import { webRoutes } from '../web/routes';
import { activityLogRoutes } from './activity-log';
import { lockRoutes } from './locks';
import { operationRoutes } from './operations';
import { permissionRoutes } from './permissions';
import { groupRoutes } from './resource-groups';
import { roleAssignmentRoutes } from './role-assignments';
import type { Route } from './route';
import { subscriptionRoutes } from './subscriptions';

/** Every operation of Azure Resource Manager that the simulator has. */
export const routes: readonly Route[] = [
  ...subscriptionRoutes,
  ...groupRoutes,
  ...deploymentRoutes,
  ...lockRoutes,
  ...permissionRoutes,
  ...roleAssignmentRoutes,
  ...activityLogRoutes,
  ...availabilityRoutes,
  ...operationRoutes,
  ...sqlRoutes,
  ...webRoutes,
  ...storageRoutes,
  ...networkRoutes,
  ...vaultRoutes,
];
