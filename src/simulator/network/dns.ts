import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { at, numberAt, textAt, textsAt } from '../json';
import { sameName } from '../resource-id';
import { notFound } from '../sql/servers';
import { azureNow, newId, type World } from '../world';
import { refuseWhenGroupDown } from './group-region';
import type { DnsRecord, DnsRecordType, DnsZone } from './state';

const apiVersions = ['2018-05-01'];
const zonePath =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/dnsZones/{zoneName}';
const recordPath = `${zonePath}/{recordType}/{relativeRecordSetName}`;

/** DNS zones and their record sets (Microsoft.Network 2018-05-01). A PUT replaces a record set; ETags keep one writer from another. */
export const dnsRoutes: readonly Route[] = [
  {
    operation: 'Zones_Get',
    method: 'GET',
    path: zonePath,
    apiVersions,
    handler: (call) => ({ status: 200, body: zoneView(call.world, findZone(call)) }),
  },
  {
    operation: 'RecordSets_ListByType',
    method: 'GET',
    path: `${zonePath}/{recordType}`,
    apiVersions,
    handler: listByType,
  },
  { operation: 'RecordSets_Get', method: 'GET', path: recordPath, apiVersions, handler: get },
  { operation: 'RecordSets_CreateOrUpdate', method: 'PUT', path: recordPath, apiVersions, handler: put },
  { operation: 'RecordSets_Delete', method: 'DELETE', path: recordPath, apiVersions, handler: remove },
];

function listByType(call: Call): HostAnswer {
  const zone = findZone(call);
  const value = zone.records
    .filter((record) => record.type === typeOf(call))
    .map((record) => recordView(call.world, zone, record));
  return { status: 200, body: { value } };
}

function findZone(call: Call): DnsZone {
  const name = param(call, 'zoneName');
  const group = param(call, 'resourceGroupName');
  const zone = call.world.state.network.zones[name.toLowerCase()];
  if (zone === undefined || !sameName(zone.resourceGroup, group)) {
    throw notFound(`Microsoft.Network/dnszones/${name}`, group);
  }
  return zone;
}

function wanted(call: Call): { readonly name: string; readonly type: DnsRecordType } {
  return { name: param(call, 'relativeRecordSetName'), type: typeOf(call) };
}

function typeOf(call: Call): DnsRecordType {
  const type = param(call, 'recordType').toUpperCase();
  if (type !== 'CNAME' && type !== 'TXT') {
    throw new AzureError(400, 'BadRequest', `Record sets of type '${type}' are not simulated.`);
  }
  return type;
}

function recordIn(call: Call, zone: DnsZone): DnsRecord | undefined {
  const { name, type } = wanted(call);
  return zone.records.find((record) => record.type === type && sameName(record.name, name));
}

function get(call: Call): HostAnswer {
  const zone = findZone(call);
  const record = recordIn(call, zone);
  if (record === undefined) {
    const { name, type } = wanted(call);
    throw new AzureError(
      404,
      'NotFound',
      `The resource record '${name}' of type '${type}' does not exist in resource group '${zone.resourceGroup}' of subscription '${call.world.state.subscription.id}'.`,
    );
  }
  return { status: 200, body: recordView(call.world, zone, record) };
}

function put(call: Call): HostAnswer {
  refuseWhenGroupDown(call);
  const { world, request } = call;
  const zone = findZone(call);
  const { name, type } = wanted(call);
  const old = recordIn(call, zone);
  refuseOtherEtag(call, old);
  if (zone.records.some((one) => sameName(one.name, name) && (one.type === 'CNAME') !== (type === 'CNAME'))) {
    throw new AzureError(
      400,
      'BadRequest',
      `A CNAME record set and another record set cannot have the same name '${name}'.`,
    );
  }
  const values = type === 'CNAME' ? cnameIn(request.body) : textsIn(request.body);
  const ttl = numberAt(request.body, 'properties', 'TTL');
  if (values === undefined || ttl === undefined) {
    throw new AzureError(400, 'BadRequest', `The record set '${name}' must have a TTL and its records.`);
  }
  const record: DnsRecord = {
    name,
    type,
    ttl,
    etag: newId(world.state),
    values,
    metadata: textsAt(request.body, 'properties', 'metadata') ?? {},
    cached: old === undefined ? null : { values: old.values, until: azureNow(world) + old.ttl * SECOND },
  };
  zone.records = [...zone.records.filter((one) => one !== old), record];
  return { status: old === undefined ? 201 : 200, body: recordView(world, zone, record) };
}

function remove(call: Call): HostAnswer {
  refuseWhenGroupDown(call);
  const zone = findZone(call);
  const old = recordIn(call, zone);
  refuseOtherEtag(call, old);
  zone.records = zone.records.filter((one) => one !== old);
  return { status: old === undefined ? 204 : 200 };
}

function refuseOtherEtag({ request }: Call, old: DnsRecord | undefined): void {
  const mustBe = request.headers['if-match'];
  const mustNotBe = request.headers['if-none-match'];
  const unmet =
    (mustBe !== undefined && mustBe !== '*' && mustBe !== old?.etag) ||
    (mustNotBe === '*' && old !== undefined);
  if (unmet) {
    throw new AzureError(
      412,
      'PreconditionFailed',
      `The condition '${mustBe ?? mustNotBe}' in the ${mustBe === undefined ? 'If-None-Match' : 'If-Match'} header was not satisfied. The current was '${old?.etag ?? ''}'.`,
    );
  }
}

function cnameIn(body: unknown): readonly string[] | undefined {
  const cname = textAt(body, 'properties', 'CNAMERecord', 'cname');
  return cname === undefined ? undefined : [cname];
}

function textsIn(body: unknown): readonly string[] | undefined {
  const records = at(body, 'properties', 'TXTRecords');
  if (!Array.isArray(records)) {
    return undefined;
  }
  return records.map((record: unknown) => {
    const parts = at(record, 'value');
    return Array.isArray(parts) ? parts.join('') : '';
  });
}

function zoneId(world: World, zone: DnsZone): string {
  return `/subscriptions/${world.state.subscription.id}/resourceGroups/${zone.resourceGroup}/providers/Microsoft.Network/dnszones/${zone.name}`;
}

function zoneView(world: World, zone: DnsZone): unknown {
  return {
    id: zoneId(world, zone),
    name: zone.name,
    type: 'Microsoft.Network/dnszones',
    location: 'global',
    tags: {},
    properties: {
      maxNumberOfRecordSets: 10_000,
      numberOfRecordSets: zone.records.length,
      nameServers: ['ns1-01.azure-dns.com.', 'ns2-01.azure-dns.net.'],
      zoneType: 'Public',
    },
  };
}

function recordView(world: World, zone: DnsZone, record: DnsRecord): unknown {
  return {
    id: `${zoneId(world, zone)}/${record.type}/${record.name}`,
    name: record.name,
    type: `Microsoft.Network/dnszones/${record.type}`,
    etag: record.etag,
    properties: {
      TTL: record.ttl,
      fqdn: `${record.name}.${zone.name}.`,
      provisioningState: 'Succeeded',
      ...(Object.keys(record.metadata).length === 0 ? {} : { metadata: record.metadata }),
      ...(record.type === 'CNAME'
        ? { CNAMERecord: { cname: record.values[0] ?? '' } }
        : { TXTRecords: record.values.map((text) => ({ value: [text] })) }),
    },
  };
}
