import type { Json } from '../incidents/json';
import type { StepStage } from '../incidents/plan';
import type { ProtectedApp } from './estate';

/** The name of a guard's resource: itself, or the last name in an id of Azure Resource Manager. */
const lastName = (resource: string): string => resource.split('/').filter(Boolean).at(-1) ?? '';

/** Whether a step changes a resource: in what it does, in what taking it back would do, or besides. */
export function changes({ does, target, back, touches = [] }: StepStage, resource: string): boolean {
  const undo = 'undo' in back ? back.undo : [];
  return [does, target, ...undo, ...touches].some((value: Json) => names(value, lastName(resource)));
}

/** Whether a value names a resource: by its name alone, or as a part of an id. */
function names(value: Json, resource: string): boolean {
  if (typeof value === 'string')
    return value.split('/').some((part) => part.toLowerCase() === resource.toLowerCase());
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some((member) => names(member, resource));
}

/** Everything of an app that a guard can name, as the estate knows it. */
export function resourcesOf(app: ProtectedApp): readonly string[] {
  const { secondary, trafficManager, domain } = app;
  const applications = app.secrets.flatMap((one) =>
    one.kind === 'entra-client-secret' ? [one.application] : [],
  );
  return [
    ...sites(app),
    app.database,
    ...(secondary ? sites(secondary) : []),
    ...(trafficManager ? [trafficManager.profile, trafficManager.resourceGroup] : []),
    ...(domain ? [domain.hostName, domain.zone, domain.zoneResourceGroup] : []),
    ...app.secrets.map(({ name }) => name),
    ...new Set([...applications, ...app.redirectApplications]),
  ];
}

const sites = ({
  resourceGroup,
  sqlServer,
  webApp,
  vault,
  storage,
}: Pick<ProtectedApp, 'resourceGroup' | 'sqlServer' | 'webApp' | 'vault' | 'storage'>): readonly string[] => [
  ...[resourceGroup, sqlServer.server, webApp.app, vault.vault, storage.account],
];

/** Whether an app has what a guard names; where it has not, the guard would never stand before anything. */
export const isKnown = (app: ProtectedApp, resource: string): boolean =>
  resourcesOf(app).some((one) => names(one, lastName(resource)));
