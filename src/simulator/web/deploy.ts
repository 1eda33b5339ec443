import { recordByHand } from '../arm/activity-log';
import { MINUTE } from '../clock';
import { timeStamp, type World } from '../world';
import { applySettings } from './app-settings';
import { releases, urlOf } from './releases';
import { siteId } from './sites';

/** Who deploys in the demo, as the activity log names them. */
const PIPELINE = 'release-pipeline@contoso.onmicrosoft.com';

/**
 * Deploys a release to an app as the publisher's pipeline does: its WEBSITE_RUN_FROM_PACKAGE is set and nothing else,
 * and the activity log keeps who did it. With `minutesAgo` it has been like that for a while: the newest minutes of a
 * database are not in its backups yet. @throws TypeError for an app or a version that there is not.
 */
export function deploy(present: World, name: string, version: string, minutesAgo = 0): void {
  const then = new Date(present.now().getTime() - minutesAgo * MINUTE);
  const world: World =
    minutesAgo === 0 ? present : { state: present.state, log: present.log, now: () => then };
  const site = world.state.sites[name.toLowerCase()];
  if (site === undefined) {
    throw new TypeError(`There is no app "${name}". There is: ${Object.keys(world.state.sites).join(', ')}.`);
  }
  const release = releases.find((one) => one.version === version && one.withdrawn === undefined);
  if (release === undefined) {
    throw new TypeError(
      `There is no release "${version}". There is: ${releases.map((one) => one.version).join(', ')}.`,
    );
  }
  applySettings(world, site, { ...site.settings, WEBSITE_RUN_FROM_PACKAGE: urlOf(release) });
  recordByHand(world, {
    caller: PIPELINE,
    operationName: 'Microsoft.Web/sites/config/write',
    resourceId: `${siteId(world, site)}/config/appsettings`,
    method: 'PUT',
    time: timeStamp(world),
  });
}
