import type { Finding, Reading } from '../../src/azure/check';
import type { DomainReadings } from '../../src/azure/domain/readings';
import type { EntraReadings } from '../../src/azure/graph/handlers';
import type { Begun, Look, OperationName } from '../../src/azure/operation';
import type { TrafficReadings } from '../../src/azure/traffic/readings';
import type { FakeState } from './fake-azure';
import type { FakeOperations } from './fake-azure-operations';
import { refusal } from './refusal';

/** Names, traffic, and who leads: what a failover moves. Plain JSON. */
export interface FakeNetwork {
  /** SQL servers that do not answer, since their region is down. */
  readonly down: string[];
  /** The server that leads a failover group, where it is not the one that it was made on. */
  readonly leads: { [group: string]: string };
  /** Failover groups (`fog`) and their members (`fog/shop`) whose protection is off until it is made anew. */
  off: string[];
  /** Those of them that were made anew: taking that back turns their protection off again. */
  remade: string[];
  /** Traffic Manager's endpoints by name, in the order of their priority; empty for no profile. */
  readonly endpoints: { [name: string]: { status: 'Enabled' | 'Disabled'; target: string } };
  /** What a CNAME leads to. */
  readonly records: { [record: string]: string };
  readonly verified: string[];
  /** `<app>/<host name>` to the thumbprint of its certificate, or null for none. */
  readonly bindings: { [key: string]: string | null };
  readonly certificates: { [key: string]: string };
  /** Redirect URIs by application, all of pages in a browser. */
  readonly redirects: { [application: string]: string[] };
}

/** Nothing but what every app has. */
export const freshNetwork = (more: Partial<FakeNetwork> = {}): FakeNetwork => ({
  ...{ down: [], leads: {}, off: [], remade: [], endpoints: {}, records: {}, verified: [] },
  ...{ bindings: {}, certificates: {}, redirects: {} },
  ...more,
});

const absent: Look = { state: 'absent' };
const done: Look & Begun = { state: 'done', facts: {} };
const lookFor = (there: boolean): Look => (there ? done : absent);

type Names = Extract<
  OperationName,
  `traffic.${string}` | `domain.${string}` | `entra.${string}-redirect-uri`
>;

/** Traffic Manager, DNS, host names and redirect URIs: each change is over when Azure answers. */
export const fakeNetwork: FakeOperations<Names> = {
  'traffic.set-endpoint': {
    name: ({ endpoint, status }) => `${endpoint} ${status}`,
    look: ({ network }, { endpoint, status }) => lookFor(network.endpoints[endpoint]?.status === status),
    change: ({ network }, { endpoint, status }) => {
      const found = network.endpoints[endpoint];
      if (!found) throw refusal('NotFound', { status: 404 });
      found.status = status;
      return done;
    },
  },
  'entra.add-redirect-uri': {
    name: ({ application, uri }) => `${application} ${uri}`,
    look: ({ network }, { application, uri }) =>
      lookFor(network.redirects[application]?.includes(uri) ?? false),
    change: ({ network }, { application, uri }) => {
      network.redirects[application] = [...(network.redirects[application] ?? []), uri];
      return done;
    },
  },
  'entra.remove-redirect-uri': {
    name: ({ application, uri }) => `${application} ${uri}`,
    look: ({ network }, { application, uri }) => lookFor(!network.redirects[application]?.includes(uri)),
    change: ({ network }, { application, uri }) => {
      const kept = (network.redirects[application] ?? []).filter((one) => one !== uri);
      network.redirects[application] = kept;
      return done;
    },
  },
  'domain.point-record': {
    name: ({ record, to }) => `${record} → ${to}`,
    look: ({ network }, { record, from, to }) => {
      const target = network.records[record];
      if (target === to) return done;
      return target === from ? absent : { state: 'blocked', problem: refusal('RecordChanged') };
    },
    change: ({ network }, { record, to }) => {
      network.records[record] = to;
      return done;
    },
  },
  'domain.add-verification': {
    name: ({ record }) => record,
    look: ({ network }, { record }) => lookFor(network.verified.includes(record)),
    change: ({ network }, { record }) => {
      network.verified.push(record);
      return done;
    },
  },
  'domain.bind-host-name': {
    name: ({ app, hostName }) => `${app.app}/${hostName}`,
    look: ({ network }, { app, hostName }) => lookFor(`${app.app}/${hostName}` in network.bindings),
    change: ({ network }, { app, hostName }) => {
      network.bindings[`${app.app}/${hostName}`] = null;
      return done;
    },
  },
  'domain.unbind-host-name': {
    name: ({ app, hostName }) => `${app.app}/${hostName}`,
    look: ({ network }, { app, hostName }) => lookFor(!(`${app.app}/${hostName}` in network.bindings)),
    change: ({ network }, { app, hostName }) => {
      delete network.bindings[`${app.app}/${hostName}`];
      return done;
    },
  },
  'domain.create-certificate': {
    name: ({ app, hostName }) => `${app.app}/${hostName}`,
    look: ({ network }, { app, hostName }) => {
      const thumbprint = network.certificates[`${app.app}/${hostName}`];
      return thumbprint === undefined ? absent : { state: 'done', facts: { thumbprint } };
    },
    change: ({ network }, { app, hostName }) => {
      const leadsHere = Object.values(network.records).some((target) => target.startsWith(`${app.app}.`));
      // Azure issues it only once the name leads to the app.
      if (!leadsHere) throw refusal('BadRequest', { status: 400 });
      const thumbprint = `thumbprint-${app.app}`;
      network.certificates[`${app.app}/${hostName}`] = thumbprint;
      return { state: 'done', facts: { thumbprint } };
    },
  },
  'domain.bind-certificate': {
    name: ({ app, hostName }) => `${app.app}/${hostName}`,
    look: ({ network }, { app, hostName, thumbprint }) =>
      lookFor(network.bindings[`${app.app}/${hostName}`] === thumbprint),
    change: ({ network }, { app, hostName, thumbprint }) => {
      network.bindings[`${app.app}/${hostName}`] = thumbprint;
      return done;
    },
  },
};

/** What the small Traffic Manager shows. */
export const fakeTraffic = ({ network }: FakeState): TrafficReadings => ({
  profile: async ({ profile }) =>
    Object.keys(network.endpoints).length === 0
      ? null
      : {
          ...{ name: profile, fqdn: `${profile}.trafficmanager.net`, ttlSeconds: 30, routing: 'Priority' },
          endpoints: Object.entries(network.endpoints).map(([name, { status, target }], index) => ({
            ...{ name, enabled: status === 'Enabled', priority: index + 1 },
            ...{ monitor: status === 'Enabled' ? 'Online' : 'Disabled', targetResourceId: target },
          })),
        },
});

/** What the small DNS shows, and App Service of its names. */
export const fakeDomain = ({ network }: FakeState): DomainReadings => ({
  record: async (_zone, record) => {
    const target = network.records[record];
    return target === undefined ? null : { target, ttlSeconds: 300 };
  },
  binding: async ({ app }, hostName) => {
    const found = network.bindings[`${app}/${hostName}`];
    return found === undefined ? null : { secured: found !== null };
  },
});

const leads = (what: string, expected: string, found: string | undefined): Reading => {
  const finding: Finding = { what, expected, found: found ?? 'nothing', ok: found === expected };
  return { findings: [finding], facts: {} };
};

/** How the checks of names and traffic are read. */
export const fakeNetworkReaders = {
  'traffic.leads-to': ({ network }: FakeState, { endpoint }: { endpoint: string }) => {
    const first = Object.entries(network.endpoints).find(([, { status }]) => status === 'Enabled');
    return leads('Answers with', endpoint, first?.[0]);
  },
  'domain.leads-to': ({ network }: FakeState, { hostName, target }: { hostName: string; target: string }) => {
    const record = Object.entries(network.records).find(([name]) => hostName.startsWith(`${name}.`));
    return leads('Leads to', target, record?.[1]);
  },
};

/** What the small Entra shows. */
export const fakeEntra = ({ network }: FakeState): EntraReadings => ({
  redirectUris: async (application) => ({
    ...{ displayName: application, spa: network.redirects[application] ?? [], web: [] },
  }),
});
