import type { JsonObject } from '../json';
import type { World } from '../world';
import type { DeploymentError, PlainResource } from './deployment';

/** A resource of a template with every expression in it worked out, as its provider is asked to make it. */
interface Wanted {
  readonly id: string;
  readonly type: string;
  /** `['sql-server', 'database']` */
  readonly names: readonly string[];
  readonly resourceGroup: string;
  readonly location: string;
  readonly body: JsonObject;
}

/** What is known of a resource before its properties can be worked out. */
export type Named = Omit<Wanted, 'body'>;

/** How a resource provider makes one type of resource. */
export interface ResourceType {
  /** How long it takes, in Azure milliseconds; less where the resource is there already. */
  readonly duration: (world: World, named: Named) => number;
  /** Why it would refuse, seen before anything is made. */
  readonly refuses?: (world: World, named: Named) => DeploymentError | undefined;
  readonly exists: (world: World, named: Named) => boolean;
  /** Makes it, or brings what is there into line. Throws an AzureError. */
  readonly make: (world: World, wanted: Wanted) => void;
  /** Its properties as `reference()` gives them; undefined where it is not there. */
  readonly properties: (world: World, names: readonly string[]) => JsonObject | undefined;
  /** Rights that it takes beside writing it. */
  readonly alsoNeeds?: readonly string[];
  /** Its other members, for `reference(…, 'Full')`. */
  readonly identity?: (world: World, names: readonly string[]) => JsonObject;
  readonly keys?: (world: World, names: readonly string[]) => JsonObject | undefined;
}

/** The first and second name of a resource. */
export const [first, second] = [
  (names: readonly string[]) => names[0] ?? '',
  (names: readonly string[]) => names[1] ?? '',
];

/** The error of a name that somebody else holds. */
export const heldElsewhere = (
  found: { readonly resourceGroup: string } | undefined,
  { resourceGroup }: Named,
  error: DeploymentError,
): DeploymentError | undefined =>
  found !== undefined && found.resourceGroup.toLowerCase() !== resourceGroup.toLowerCase()
    ? error
    : undefined;

/** A type of which nothing but its being there matters. */
export const plainType = (
  duration: number,
  properties: (resource: PlainResource) => JsonObject,
): ResourceType => ({
  duration: () => duration,
  exists: (world, { id }) => world.state.plainResources[id.toLowerCase()] !== undefined,
  make: (world, { id, type, names, resourceGroup, location, body }) => {
    const tags = body['tags'] as Readonly<Record<string, string>> | undefined;
    const made: PlainResource = { id, name: first(names), resourceGroup, type, location, tags: tags ?? {} };
    world.state.plainResources[id.toLowerCase()] = made;
  },
  properties: (world, names) => {
    const found = Object.values(world.state.plainResources).find(({ name }) => name === first(names));
    return found && properties(found);
  },
});
