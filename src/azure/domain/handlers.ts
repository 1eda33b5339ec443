import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import { addVerification } from './add-verification';
import { bindCertificate, bindHostName, unbindHostName } from './bindings';
import { createCertificate } from './create-certificate';
import type { domainOperations } from './operations';
import { pointRecord } from './point-record';

/** How each change that leads a domain to an app is made. */
export const domainHandlers = (azure: Connection): HandlersOf<typeof domainOperations> => ({
  'domain.point-record': pointRecord(azure),
  'domain.add-verification': addVerification(azure),
  'domain.bind-host-name': bindHostName(azure),
  'domain.unbind-host-name': unbindHostName(azure),
  'domain.create-certificate': createCertificate(azure),
  'domain.bind-certificate': bindCertificate(azure),
});
