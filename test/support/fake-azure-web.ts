import { createHash } from 'node:crypto';
import type { Azure } from '../../src/azure/azure';
import type { Reading } from '../../src/azure/check';
import type { Package } from '../../src/azure/packages/packages';
import type { FakeState } from './fake-azure';
import type { FakeOperations } from './fake-azure-operations';
import { fakeReferences } from './fake-azure-vault';
import { refusal } from './refusal';

const PACKAGE = 'WEBSITE_RUN_FROM_PACKAGE';
const host = 'https://packages.example/bin';

/** The releases of the shop, newest first: the schema moved with 1.3.0. */
const shopPackages: readonly Package[] = [
  { version: '1.4.0', channel: 'preview', schema: 8 },
  { version: '1.3.0', channel: 'latest', schema: 8 },
  { version: '1.2.1', channel: 'latest', schema: 7 },
  { version: '1.2.0', channel: 'latest', schema: null },
].map(({ version, channel, schema }) => ({
  ...{ version, channel, schema, bytes: 1_000, published: new Date('2026-01-05T08:00:00Z') },
  url: `${host}/${channel}/Shop-${version}.zip`,
}));

const running = (state: FakeState): string => state.settings[PACKAGE] ?? '';
const versionIn = (url: string): string => /Shop-([\d.]+)\.zip$/.exec(url)?.[1] ?? '';

/** A seal over all settings but the package. */
const sealOf = ({ settings }: FakeState): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(settings).filter(([name]) => name !== PACKAGE)))
    .digest('hex');

/** What is read of an app beside its health. */
export const fakeWebReadings = (
  state: FakeState,
  health: Azure['health'],
): Pick<Azure, 'web' | 'packages'> => ({
  web: {
    references: async () => fakeReferences(state),
    settings: async () => ({
      package: state.settings[PACKAGE] ?? null,
      packageIsKeyed: false,
      names: Object.keys(state.settings),
      sticky: [],
      others: sealOf(state),
    }),
    settingsChanges: async () =>
      state.deployments.map((at) => ({ at: new Date(at), by: 'pipeline@shop.example' })),
    report: async (url) => ({
      ...(await health(url)),
      version: versionIn(running(state)),
      schema: state.schema,
      fails: [],
    }),
  },
  packages: { versions: async () => ({ packages: shopPackages, unread: [], unconfirmed: [] }) },
});

/** How the checks of an app are read. */
export const fakeWebReaders = {
  'web.settings-are': (
    state: FakeState,
    check: { package: string; others: string; count: number },
  ): Reading => ({
    findings: [
      {
        what: 'Package',
        expected: check.package,
        found: running(state),
        ok: running(state) === check.package,
      },
      {
        what: 'Every other setting',
        expected: check.others,
        found: sealOf(state),
        ok: sealOf(state) === check.others,
      },
    ],
    facts: { others: sealOf(state) },
  }),
  'web.version-is': (state: FakeState, { version }: { version: string }): Reading => ({
    findings: [
      {
        what: 'Version that answers',
        expected: version,
        found: versionIn(running(state)),
        ok: versionIn(running(state)) === version,
      },
    ],
    facts: { version: versionIn(running(state)) },
  }),
};

/** App Service: a restart leaves nothing behind but a line in the activity log; settings are replaced whole. */
export const fakeWeb: FakeOperations<'app.restart' | 'web.set-package' | 'web.refresh-references'> = {
  'app.restart': {
    name: ({ app }) => app.app,
    // The log is asked only by who may have sent it before.
    look: (state, _operation, sent) =>
      sent.resumed && state.changes.some((one) => one.requestId === sent.requestId)
        ? { state: 'done', facts: {} }
        : { state: 'absent' },
    change: () => ({ state: 'done', facts: {} }),
  },
  'web.set-package': {
    name: ({ to }) => versionIn(to),
    look: (state, { from, to }) => {
      if (running(state) === to) return { state: 'done', facts: {} };
      return running(state) === from
        ? { state: 'absent' }
        : { state: 'blocked', problem: refusal('PackageChanged') };
    },
    change: (state, { to }) => {
      state.settings[PACKAGE] = to;
      return { state: 'done', facts: {} };
    },
  },
  // App Service fetches every reference anew; the small Azure resolves them from the vault as it is.
  'web.refresh-references': {
    name: ({ app }) => app.app,
    look: () => ({ state: 'absent' }),
    change: () => ({ state: 'done', facts: {} }),
  },
};
