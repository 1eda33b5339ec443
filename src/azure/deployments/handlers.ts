import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import { createGroup } from './create-group';
import { deleteGroup } from './delete-group';
import { deploy } from './deploy';
import type { deploymentOperations } from './operations';

/** How each change to resource groups and by templates is made. */
export const deploymentHandlers = (azure: Connection): HandlersOf<typeof deploymentOperations> => ({
  'group.create': createGroup(azure),
  'group.delete': deleteGroup(azure),
  'deployment.deploy': deploy(azure),
});
