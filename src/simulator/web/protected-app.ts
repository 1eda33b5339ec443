import type { HostAnswer, HostHandler } from '../host';
import { siteBehind } from '../network/resolve';
import type { Site, SiteProcess } from '../state';
import type { World } from '../world';
import { checkDatabase, health, versionOf } from './app-health';
import { auditTrail } from './audit-trail';
import { answersTo, hasCertificate } from './host-names';
import { isWarmingUp, releaseOf } from './process';

/** `*.azurewebsites.net`, and every other name that leads there: the app itself. */
export function protectedApp(world: World): HostHandler {
  return (request) => {
    const site = siteBehind(world, request.host);
    if (site === undefined || !answersTo(world, site, request.host)) {
      return page(404, '404 Web Site not found');
    }
    if (!hasCertificate(world, site, request.host)) {
      return { status: 0, hangsUp: true };
    }
    if (world.state.regionsDown[site.location] !== undefined) {
      return page(503, 'The service is unavailable.');
    }
    if (site.state === 'Stopped' || site.process === null) {
      return page(403, 'Error 403 - This web app is stopped.');
    }
    if (isWarmingUp(world, site)) {
      return { ...page(503, 'The application is starting.'), headers: { 'retry-after': '1' } };
    }
    if (releaseOf(site.process) === undefined) {
      return page(503, 'Application Error: the package could not be mounted.');
    }
    if (request.path === '/health') {
      return health(world, site, site.process);
    }
    if (request.path === '/api/audit') {
      return auditTrail(world, request, site.process);
    }
    return request.path === '/' ? home(world, site, site.process) : page(404, 'Not Found');
  };
}

function home(world: World, site: Site, process: SiteProcess): HostAnswer {
  const check = checkDatabase(world, process);
  const said =
    check.status === 'Healthy'
      ? `${check.data?.['requests'] ?? 0} requests`
      : 'Requests cannot be shown at the moment.';
  return page(
    check.status === 'Healthy' ? 200 : 500,
    `App Request Portal ${versionOf(process)} (${site.name}): ${said}`,
  );
}

function page(status: number, said: string): HostAnswer {
  return {
    status,
    body: `<!DOCTYPE html><html lang="en"><head><title>${said}</title></head><body><h1>${said}</h1></body></html>`,
  };
}
