import type { CompileContext, Compiled } from '../../engine/runbook';
import { refuse } from './refuse';
import { NONE, type RegionFound } from './region-found';

/** Why the second region cannot be rebuilt as things stand; null when it can. */
export function regionRefusal(found: RegionFound, context: CompileContext): Compiled | null {
  const { app, begun } = context;
  const { secondary, there, backup, standing, locks, site } = found;
  if (begun.size > 0) return null;
  if (there.green)
    return refuse(
      'AlreadyThere',
      `${app.title} is green in ${site.region} already (${secondary.webApp.app}). What people need is to be led there: check the domain and the redirect URIs. Replacing its database would lose what was written there.`,
    );
  if (backup === null)
    return refuse(
      'NoGeoBackup',
      `Azure has no geo-backup of ${app.database} on ${app.sqlServer.server}: its backups are kept in ${app.primaryRegion} alone, or none has been made yet. The data cannot be brought to ${site.region}; wait for ${app.primaryRegion}, and ask Azure support meanwhile.`,
    );
  if (standing.group.endsWith('(being deleted)'))
    return refuse(
      'ResourceGroupBeingDeleted',
      `The resource group ${secondary.resourceGroup} is being deleted. Ask again when it is gone.`,
    );
  if (standing.server !== NONE && standing.server !== site.region)
    return refuse(
      'WrongRegion',
      `${secondary.sqlServer.server} exists in ${standing.server}, not in ${site.region}. Correct the estate file, or remove that server.`,
    );
  const lock = locks.find(({ level }) => level === 'ReadOnly');
  if (lock)
    return refuse(
      'ScopeLocked',
      `The lock "${lock.name}" (${lock.level}) on ${lock.scope} forbids every change there. Its owner must remove it first.`,
    );
  return templateRefusal(found);
}

function templateRefusal({ template, templateUnread, from }: RegionFound): Compiled | null {
  if (template === null) return 'file' in from.from ? refuse('TemplateUnreadable', templateUnread) : null;
  const given = [...Object.keys(from.parameters), ...Object.keys(from.secureParameters)];
  const names = template.parameters.map(({ name }) => name);
  const missing = template.parameters.filter(({ name, required }) => required && !given.includes(name));
  const strange = given.filter((name) => !names.includes(name));
  const open = template.parameters.filter(({ name, secure }) => secure && name in from.parameters);
  const wrong = [
    ...missing.map(({ name }) => `"${name}" is not given`),
    ...strange.map((name) => `the template has no "${name}"`),
    ...open.map(({ name }) => `"${name}" is secure and must come from a vault`),
  ];
  return wrong.length > 0
    ? refuse(
        'TemplateParameters',
        `The parameters of the template do not fit: ${wrong.join('; ')}. Correct them in the estate file.`,
      )
    : null;
}
