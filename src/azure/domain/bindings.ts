import type { HostNameBinding } from '@azure/arm-appservice';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { OperationHandler, OperationOf, Sent } from '../operation';
import type { WebAppRef } from '../refs';
import { sameName } from '../resource-id';
import { appWords } from '../web/app-service';

type Bind = OperationOf<'domain.bind-host-name'>;
type Unbind = OperationOf<'domain.unbind-host-name'>;
type BindCertificate = OperationOf<'domain.bind-certificate'>;

/** WebApps_CreateOrUpdateHostNameBinding without a certificate: there may be none before DNS leads to the app. */
export const bindHostName = (azure: Connection): OperationHandler<Bind> => {
  const one: AtOnce<Bind> = {
    rest: ({ app, hostName }) => `PUT …/sites/${app.app}/hostNameBindings/${hostName}`,
    target: ({ app }) => app.app,
    words: ({ app, hostName }) => ({ doing: `Giving the name ${hostName} to`, resource: appWords(app) }),
    look: async ({ app, hostName }) =>
      (await binding(azure, app, hostName)) ? { state: 'done', facts: {} } : { state: 'absent' },
    // It would take the certificate off again that is bound next.
    harmfulLate: () => true,
    send: ({ app, hostName }, sent, abortSignal) => put(azure, app, hostName, {}, sent, abortSignal),
  };
  return atOnce(azure, one);
};

/** WebApps_DeleteHostNameBinding: its certificate goes with it. */
export const unbindHostName = (azure: Connection): OperationHandler<Unbind> => {
  const one: AtOnce<Unbind> = {
    rest: ({ app, hostName }) => `DELETE …/sites/${app.app}/hostNameBindings/${hostName}`,
    target: ({ app }) => app.app,
    words: ({ app, hostName }) => ({ doing: `Taking the name ${hostName} from`, resource: appWords(app) }),
    look: async ({ app, hostName }) =>
      (await binding(azure, app, hostName)) ? { state: 'absent' } : { state: 'done', facts: {} },
    send: async ({ app, hostName }, sent, abortSignal) => {
      const { web } = azure.clients(app.subscriptionId);
      const requestOptions = { headers: { 'x-ms-client-request-id': sent.requestId } };
      await web.webApps.deleteHostNameBinding(app.resourceGroup, app.app, hostName, {
        ...{ abortSignal, requestOptions },
      });
      return {};
    },
  };
  return atOnce(azure, one);
};

/** WebApps_CreateOrUpdateHostNameBinding with the certificate: from here on browsers accept the name. */
export const bindCertificate = (azure: Connection): OperationHandler<BindCertificate> => {
  const one: AtOnce<BindCertificate> = {
    rest: ({ app, hostName }) => `PUT …/sites/${app.app}/hostNameBindings/${hostName} (sslState SniEnabled)`,
    target: ({ app }) => app.app,
    words: ({ app, hostName }) => ({
      doing: `Binding the certificate of ${hostName} to`,
      resource: appWords(app),
    }),
    look: async ({ app, hostName, thumbprint }) => {
      const found = await binding(azure, app, hostName);
      return found?.sslState === 'SniEnabled' && sameName(found.thumbprint, thumbprint)
        ? { state: 'done', facts: {} }
        : { state: 'absent' };
    },
    // It would give the name back that taking a run back has just taken away.
    harmfulLate: () => true,
    send: ({ app, hostName, thumbprint }, sent, abortSignal) =>
      put(azure, app, hostName, { sslState: 'SniEnabled', thumbprint }, sent, abortSignal),
  };
  return atOnce(azure, one);
};

/** WebApps_GetHostNameBinding; null when the app does not have the name. */
export function binding(
  azure: Connection,
  app: WebAppRef,
  hostName: string,
): Promise<HostNameBinding | null> {
  const { web } = azure.clients(app.subscriptionId);
  return orNull(
    azure.call(reading(`the name ${hostName} of ${appWords(app)}`), (abortSignal) =>
      web.webApps.getHostNameBinding(app.resourceGroup, app.app, hostName, { abortSignal }),
    ),
  );
}

async function put(
  azure: Connection,
  app: WebAppRef,
  hostName: string,
  more: Pick<HostNameBinding, 'sslState' | 'thumbprint'>,
  sent: Sent,
  abortSignal: AbortSignal,
): Promise<Record<string, never>> {
  const { web } = azure.clients(app.subscriptionId);
  await web.webApps.createOrUpdateHostNameBinding(
    app.resourceGroup,
    app.app,
    hostName,
    { siteName: app.app, hostNameType: 'Verified', customHostNameDnsRecordType: 'CName', ...more },
    { abortSignal, requestOptions: { headers: { 'x-ms-client-request-id': sent.requestId } } },
  );
  return {};
}
