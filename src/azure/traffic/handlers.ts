import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import type { trafficOperations } from './operations';
import { setEndpoint } from './set-endpoint';

/** How each change to Traffic Manager is made. */
export const trafficHandlers = (azure: Connection): HandlersOf<typeof trafficOperations> => ({
  'traffic.set-endpoint': setEndpoint(azure),
});
