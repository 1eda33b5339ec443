import type { HostHandler } from '../host';
import type { JsonObject } from '../json';
import type { State } from '../state';
import type { World } from '../world';
import appTemplate from './app-template.json';

/** Where the demo's template is published, as the document names it. */
const address =
  'https://raw.githubusercontent.com/powerstacks-corp/app-store-for-intune/main/azuredeploy.json';

/** What is published at an address, as Resource Manager fetches it; undefined where there is nothing. */
export const templateAt = (state: State, uri: string): unknown =>
  uri === address ? (state.template ?? appTemplate) : undefined;

/** Somebody publishes another version of the demo's template. */
export function publishTemplate(state: State, edit: (template: JsonObject) => JsonObject): void {
  state.template = edit(structuredClone(state.template ?? appTemplate));
}

/** `raw.githubusercontent.com`: files of public repositories, of which there is one. */
export const templateHost =
  (world: World): HostHandler =>
  ({ host, path }) => {
    const found = templateAt(world.state, `https://${host}${path}`);
    return found === undefined
      ? { status: 404, body: '404: Not Found' }
      : { status: 200, headers: { 'cache-control': 'max-age=300' }, body: JSON.parse(JSON.stringify(found)) };
  };
