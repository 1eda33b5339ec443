/** One release of the protected app, as its publisher's package host has it. */
export interface Release {
  readonly version: string;
  readonly channel: 'latest' | 'preview';
  /** The schema of the database that it works on. It moves an older database up to it, and cannot work on a newer one. */
  readonly schema: number;
  readonly published: string;
  /** What goes wrong as soon as it runs; absent in a good release. */
  readonly broken?: string;
  /** Still in the directory index, but its file was taken away. */
  readonly withdrawn?: true;
}

/** The package host of the document, and the folder that its channels are in. */
export const PACKAGE_HOST = 'bi.powerstacks.com';
const folder = '/appstoreforintune/bin';
const name = 'AppRequestPortal';

/** The schema of a database that no release has moved yet. */
export const FIRST_SCHEMA = 42;

/** What runs in a fresh estate. */
export const RUNNING = '1.34.0';

/** Every release that was published, oldest first. */
export const releases: readonly Release[] = [
  { version: '1.31.2', channel: 'latest', schema: 41, published: '2026-01-12T08:30:00.000Z' },
  { version: '1.32.0', channel: 'latest', schema: 41, published: '2026-02-09T08:30:00.000Z' },
  {
    version: '1.32.1',
    channel: 'latest',
    schema: 41,
    published: '2026-02-11T15:05:00.000Z',
    withdrawn: true,
  },
  { version: '1.33.0', channel: 'latest', schema: 42, published: '2026-03-16T08:30:00.000Z' },
  { version: '1.34.0', channel: 'latest', schema: 42, published: '2026-04-20T08:30:00.000Z' },
  {
    ...{ version: '1.34.1', channel: 'latest', schema: 42, published: '2026-05-04T08:30:00.000Z' },
    broken: 'Unhandled exception at start: Could not load file or assembly "PowerStacks.Packaging".',
  },
  {
    ...{ version: '1.35.0', channel: 'latest', schema: 43, published: '2026-05-18T08:30:00.000Z' },
    broken: 'Every request fails since the update: Object reference not set to an instance of an object.',
  },
  { version: '1.36.0', channel: 'preview', schema: 43, published: '2026-05-22T08:30:00.000Z' },
];

/** The folder of a channel on the package host, with a slash at both ends. */
export const channelPath = (channel: string): string => `${folder}/${channel}/`;

/** The file name of a release. */
export const fileOf = ({ version }: Pick<Release, 'version'>): string => `${name}-${version}.zip`;

/** Where a release is fetched from. */
export const urlOf = (release: Release): string =>
  `https://${PACKAGE_HOST}${channelPath(release.channel)}${fileOf(release)}`;

/** The release that a WEBSITE_RUN_FROM_PACKAGE address leads to; undefined when the host has no such file. */
export const releaseAt = (url: string): Release | undefined =>
  releases.find((release) => release.withdrawn === undefined && urlOf(release) === url);
