import type { Connection } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import type { WebAppRef } from '../refs';
import { sameName } from '../resource-id';
import { sdkSite } from '../web/app-service';
import { putRecord, recordWords, sdkRecord, textsOf } from './records';

type AddVerification = OperationOf<'domain.add-verification'>;

/** RecordSets_CreateOrUpdate of `asuid.<record>`: shows App Service that the name's owner wants the app to have it. */
export function addVerification(azure: Connection): OperationHandler<AddVerification> {
  const one: AtOnce<AddVerification> = {
    rest: ({ zone, record, app }) =>
      `PUT …/dnsZones/${zone.zone}/TXT/asuid.${record} (with the verification id of ${app.app}, If-Match)`,
    target: ({ zone, record }) => `asuid.${record}.${zone.zone}`,
    words: ({ zone, record }) => ({
      doing: 'Adding the verification id to the',
      resource: recordWords(zone, `asuid.${record}`, 'TXT'),
    }),
    look: async ({ zone, record, app }) => {
      const [id, found] = await Promise.all([
        verificationId(azure, app),
        sdkRecord(azure, zone, `asuid.${record}`, 'TXT'),
      ]);
      return textsOf(found).some((text) => sameName(text, id))
        ? { state: 'done', facts: {} }
        : { state: 'absent' };
    },
    send: async ({ zone, record, app }, { requestId }, abortSignal) => {
      const name = `asuid.${record}`;
      const [id, read] = await Promise.all([verificationId(azure, app), sdkRecord(azure, zone, name, 'TXT')]);
      const change = { txtRecords: [...(read?.txtRecords ?? []), { value: [id] }] };
      await putRecord(azure, zone, name, 'TXT', { read, change }, { abortSignal, requestId });
      return {};
    },
  };
  return atOnce(azure, one);
}

/** The id is the same for all apps of a subscription, and no secret. */
async function verificationId(azure: Connection, app: WebAppRef): Promise<string> {
  const id = (await sdkSite(azure, app))?.customDomainVerificationId;
  if (id) return id;
  throw observedProblem(
    'AppNotFound',
    `The app "${app.app}" is not there, or Azure does not tell its custom domain verification id. Nothing was changed. See that the app has been deployed, then retry.`,
  );
}
