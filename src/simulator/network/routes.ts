import type { Route } from '../arm/route';
import { dnsRoutes } from './dns';
import { trafficEndpointRoutes } from './traffic-endpoints';
import { trafficProfileRoutes } from './traffic-profiles';

/** Every operation of Microsoft.Network that the simulator has. */
export const networkRoutes: readonly Route[] = [
  ...trafficProfileRoutes,
  ...trafficEndpointRoutes,
  ...dnsRoutes,
];
