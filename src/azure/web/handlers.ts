import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import type { webOperations } from './operations';
import { refreshReferences } from './refresh-references';
import { restart } from './restart';
import { setPackage } from './set-package';

/** How each change to an App Service app is made. */
export const webHandlers = (azure: Connection): HandlersOf<typeof webOperations> => ({
  'app.restart': restart(azure),
  'web.set-package': setPackage(azure),
  'web.refresh-references': refreshReferences(azure),
});
