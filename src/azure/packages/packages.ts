import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { Call } from '../call';
import { reading } from '../connection';
import { AzureProblem } from '../operation';
import { withPatience } from '../patience';
import { filesIn } from './directory-index';
import { compareVersions, VERSION } from './versions';

/** Where packages are published: `<url>/<channel>/<name>-<version>.zip`. */
interface PackagePlace {
  readonly url: string;
  readonly name: string;
  readonly channels: readonly string[];
}

/** One package that the host really has: it was asked for its file. */
export interface Package {
  readonly version: string;
  readonly channel: string;
  readonly url: string;
  readonly bytes: number | null;
  readonly published: Date | null;
  /** The database schema that it works on (the file's `x-ms-meta-schema`); null where the publisher does not say. */
  readonly schema: number | null;
}

/** The packages that a host has, newest first, and in words what could not be found out. */
export interface PackagesFound {
  readonly packages: readonly Package[];
  readonly unread: readonly string[];
  /** Versions whose file could not be asked for, so that the host may have them or not. */
  readonly unconfirmed: readonly Unconfirmed[];
}

interface Unconfirmed extends Pick<Package, 'version' | 'channel'> {
  readonly problem: AzureProblem;
}

/** What can be read from a package host. */
export interface PackageReadings {
  /**
   * The versions that the host has, in every channel: those in its directory indexes and those that are `asked` for by
   * name, each confirmed by asking for its file. Throws nothing but bugs: what did not answer is in `unread`, and the
   * versions that this leaves open are in `unconfirmed`.
   */
  readonly versions: (host: PackagePlace, asked: readonly string[]) => Promise<PackagesFound>;
}

/** So many of the newest of a channel are confirmed: nobody rolls back further, and a host is not to be flooded. */
const MOST = 20;

/** Reads package hosts, which are ordinary web servers: no token is sent to them. */
export function packageReadings(call: Call): PackageReadings {
  const pipeline = withPatience(
    createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: 'dr-bot' } }),
  );
  const client = createDefaultHttpClient();
  const ask: Ask = (method, url) =>
    call(reading(`the package host (${method} ${url})`), async (abortSignal) => {
      const headers = createHttpHeaders({ accept: '*/*' });
      const request = createPipelineRequest({ url, method, headers, abortSignal });
      const response = await pipeline.sendRequest(client, request);
      if (response.status >= 400 && !GONE.has(response.status))
        throw new RestError(`the answer was HTTP ${response.status}`, { statusCode: response.status });
      return response;
    });
  return {
    versions: async (host, asked) => {
      const channels = await Promise.all(
        host.channels.map((channel) => channelOf(ask, host, channel, asked)),
      );
      return {
        packages: channels
          .flatMap(({ packages }) => packages)
          .sort((a, b) => compareVersions(b.version, a.version)),
        unread: channels.flatMap(({ unread }) => unread),
        unconfirmed: channels.flatMap(({ unconfirmed }) => unconfirmed),
      };
    },
  };
}

type Ask = (method: 'GET' | 'HEAD', url: string) => Promise<PipelineResponse>;

/** The host says that there is no such file. */
const GONE = new Set([404, 410]);

async function channelOf(
  ask: Ask,
  host: PackagePlace,
  channel: string,
  asked: readonly string[],
): Promise<PackagesFound> {
  const folder = `${host.url}/${channel}/`;
  const listed = await indexOf(ask, folder, host.name);
  const versions = [...new Set([...asked.filter((one) => VERSION.test(one)), ...listed.versions])];
  const found = await Promise.all(
    versions.map((version) =>
      confirm(ask, { version, channel, url: `${folder}${host.name}-${version}.zip` }),
    ),
  );
  const unconfirmed = found.flatMap((one) => (one && 'problem' in one ? [one] : []));
  return {
    packages: found.flatMap((one) => (one && !('problem' in one) ? [one] : [])),
    unread: [...listed.unread, ...unconfirmed.map(notOffered)],
    unconfirmed,
  };
}

interface Listed {
  readonly versions: readonly string[];
  readonly unread: readonly string[];
}

async function indexOf(ask: Ask, folder: string, name: string): Promise<Listed> {
  try {
    const response = await ask('GET', folder);
    const versions = filesIn(response.bodyAsText ?? '', folder)
      .flatMap((file) => versionIn(file, name))
      .sort((a, b) => compareVersions(b, a))
      .slice(0, MOST);
    return versions.length > 0
      ? { versions, unread: [] }
      : {
          versions,
          unread: [
            `${folder} shows no list of its packages, so only versions asked for by name can be found.`,
          ],
        };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return {
      versions: [],
      unread: [
        `${folder} could not be read (${error.details.code}), so there may be more versions than these.`,
      ],
    };
  }
}

function versionIn(file: string, name: string): readonly string[] {
  const version = file.startsWith(`${name}-`) && file.endsWith('.zip') ? file.slice(name.length + 1, -4) : '';
  return VERSION.test(version) ? [version] : [];
}

const notOffered = ({ version, channel, problem }: Unconfirmed): string =>
  `${version} (${channel}) is not offered: its file could not be asked for (${problem.details.code}).`;

/** The package behind an address; null when the host has none there, or why that could not be found out. */
async function confirm(
  ask: Ask,
  one: Pick<Package, 'version' | 'channel' | 'url'>,
): Promise<Package | Unconfirmed | null> {
  try {
    const { status, headers } = await ask('HEAD', one.url);
    const bytes = numberIn(headers.get('content-length'));
    // Some hosts answer every address with a page of their own.
    if (status !== 200 || bytes === 0 || /html/i.test(headers.get('content-type') ?? '')) return null;
    const published = new Date(headers.get('last-modified') ?? Number.NaN);
    return {
      ...one,
      bytes,
      published: Number.isNaN(published.getTime()) ? null : published,
      schema: numberIn(headers.get('x-ms-meta-schema')),
    };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return { version: one.version, channel: one.channel, problem: error };
  }
}

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
