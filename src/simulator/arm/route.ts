import type { HostAnswer, HostRequest } from '../host';
import type { OperationFault } from '../state';
import type { Caller } from '../tokens';
import type { World } from '../world';

/** One operation of Azure Resource Manager. In `path`, `{name}` is one segment and `{+name}` any number of them. */
export interface Route {
  /** The operation's id in the published specification, or a name of ours where the specification has none. */
  readonly operation: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly path: string;
  readonly apiVersions: readonly string[];
  readonly handler: (call: Call) => HostAnswer;
}

/** One request to a route: its parameters, who asks, and how to start a long-running operation with the fault meant for it. */
export interface Call {
  readonly world: World;
  readonly request: HostRequest;
  readonly route: Route;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly apiVersion: string;
  readonly caller: Caller;
  readonly correlationId: string;
  readonly takeOperationFault: () => OperationFault | undefined;
  /** What a GET of another path would answer; throws the AzureError that it would be refused with. */
  readonly read: (path: string, apiVersion: string) => HostAnswer;
}

/** A path parameter; throws for a name that the route's path does not have, which is a mistake in the route table. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) {
    throw new Error(`The route ${call.route.path} has no parameter {${name}}.`);
  }
  return value;
}

/** The route's path as a pattern with one group for each parameter. Literal segments match in any letter case, as in ARM. */
export function pathPattern(path: string): RegExp {
  const source = path
    .split(/(\{\+?\w+\})/)
    .map((part) => {
      const name = /^\{(\+?)(\w+)\}$/.exec(part);
      if (name === null) {
        return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      }
      return name[1] === '+' ? `(?<${name[2]}>.+?)` : `(?<${name[2]}>[^/]+)`;
    })
    .join('');
  return new RegExp(`^${source}/?$`, 'i');
}
