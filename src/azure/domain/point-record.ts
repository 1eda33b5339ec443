import type { Connection } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import { sameName } from '../resource-id';
import { putRecord, recordWords, sdkRecord, targetOf } from './records';

type Point = OperationOf<'domain.point-record'>;

/** RecordSets_CreateOrUpdate: the CNAME leads to another app. Resolvers keep the old answer as long as its TTL says. */
export function pointRecord(azure: Connection): OperationHandler<Point> {
  const one: AtOnce<Point> = {
    rest: ({ zone, record, to }) => `PUT …/dnsZones/${zone.zone}/CNAME/${record} (cname ${to}, If-Match)`,
    target: ({ zone, record }) => `${record}.${zone.zone}`,
    words: ({ zone, record, to }) => ({
      doing: `Leading to ${to} the`,
      resource: recordWords(zone, record, 'CNAME'),
    }),
    look: (operation) => look(azure, operation),
    send: async ({ zone, record, from, to }, { requestId }, abortSignal) => {
      const read = await sdkRecord(azure, zone, record, 'CNAME');
      // Between the look and this reading somebody may have written: then the next look says what is there.
      if (!sameName(targetOf(read) ?? undefined, from)) throw changedMeanwhile(zone.zone, record);
      const change = { cnameRecord: { cname: to } };
      await putRecord(azure, zone, record, 'CNAME', { read, change }, { abortSignal, requestId });
      return {};
    },
  };
  return atOnce(azure, one);
}

async function look(azure: Connection, { zone, record, from, to }: Point): Promise<Look> {
  const target = targetOf(await sdkRecord(azure, zone, record, 'CNAME'));
  if (sameName(target ?? undefined, to)) return { state: 'done', facts: {} };
  if (sameName(target ?? undefined, from)) return { state: 'absent' };
  return {
    state: 'blocked',
    problem: observedProblem(
      'RecordChanged',
      `${record}.${zone.zone} leads to ${target ?? 'nothing'} now, and not to ${from} as planned: somebody has changed it. Nothing was changed. Find out who, then ask for the run again; or skip this step and change the record by hand.`,
    ),
  };
}

const changedMeanwhile = (zone: string, record: string) =>
  observedProblem('PreconditionFailed', `${record}.${zone} was changed by somebody else meanwhile.`, true);
