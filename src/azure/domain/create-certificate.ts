import type { Certificate } from '@azure/arm-appservice';
import { all } from '../call';
import { type Connection, reading } from '../connection';
import { type Look, lookToken, type OperationHandler, type OperationOf, type Sent } from '../operation';
import { pollByLooking } from '../poll-by-looking';
import { observedProblem } from '../problem';
import { sameName } from '../resource-id';
import { sdkSite } from '../web/app-service';

type CreateCertificate = OperationOf<'domain.create-certificate'>;

/**
 * Certificates_CreateOrUpdate with `canonicalName`: an App Service managed certificate. Azure may answer before it is
 * issued, so its thumbprint is looked for. A certificate that is there already and good is taken instead.
 */
export function createCertificate(azure: Connection): OperationHandler<CreateCertificate> {
  const name = ({ app, hostName }: CreateCertificate) => `${hostName}-${app.app}`;
  const handler: OperationHandler<CreateCertificate> = {
    rest: (operation) =>
      `PUT …/certificates/${name(operation)} (managed, canonicalName ${operation.hostName})`,
    target: name,
    look: (operation) => look(azure, operation),
    begin: async (operation, sent) => {
      const issued = await issue(azure, operation, name(operation), sent);
      return issued.thumbprint
        ? { state: 'done', facts: { thumbprint: issued.thumbprint } }
        : { state: 'accepted', token: lookToken };
    },
    poll: (operation) => pollByLooking(operation, name(operation), (asked) => look(azure, asked)),
  };
  return handler;
}

async function issue(
  azure: Connection,
  { app, hostName }: CreateCertificate,
  name: string,
  sent: Sent,
): Promise<Certificate> {
  const site = await sdkSite(azure, app);
  if (!site?.serverFarmId)
    throw observedProblem(
      'AppNotFound',
      `The app "${app.app}" is not there, so no certificate can be issued for it. Nothing was changed. See that it has been deployed, then retry.`,
    );
  const { serverFarmId, location } = site;
  const { web } = azure.clients(app.subscriptionId);
  return azure.call({ doing: 'Asking for a certificate for', resource: hostName }, (abortSignal) =>
    web.certificates.createOrUpdate(
      app.resourceGroup,
      name,
      { location, serverFarmId, canonicalName: hostName, hostNames: [hostName] },
      { abortSignal, requestOptions: { headers: { 'x-ms-client-request-id': sent.requestId } } },
    ),
  );
}

async function look(azure: Connection, { app, hostName }: CreateCertificate): Promise<Look> {
  const { web } = azure.clients(app.subscriptionId);
  const certificates = await azure.call(
    reading(`the certificates of group ${app.resourceGroup}`),
    (abortSignal) => all(web.certificates.listByResourceGroup(app.resourceGroup, { abortSignal })),
  );
  const now = azure.now().getTime();
  const ours = certificates.filter(
    ({ hostNames, expirationDate }) =>
      (hostNames ?? []).some((one) => sameName(one, hostName)) &&
      (expirationDate === undefined || expirationDate.getTime() > now),
  );
  const issued = ours.find(({ thumbprint }) => thumbprint);
  if (issued?.thumbprint) return { state: 'done', facts: { thumbprint: issued.thumbprint } };
  return ours.length > 0 ? { state: 'under way', percent: null } : { state: 'absent' };
}
