import type { HostHandler } from '../host';
import appTemplate from './app-template.json';

/** Where the demo's template is published, as the document names it. */
const published: Readonly<Record<string, unknown>> = {
  'https://raw.githubusercontent.com/powerstacks-corp/app-store-for-intune/main/azuredeploy.json':
    appTemplate,
};

/** What is published at an address, as Resource Manager fetches it; undefined where there is nothing. */
export const templateAt = (uri: string): unknown => published[uri];

/** `raw.githubusercontent.com`: files of public repositories, of which there is one. */
export const templateHost: HostHandler = ({ host, path }) => {
  const found = templateAt(`https://${host}${path}`);
  return found === undefined
    ? { status: 404, body: '404: Not Found' }
    : { status: 200, headers: { 'cache-control': 'max-age=300' }, body: JSON.parse(JSON.stringify(found)) };
};
