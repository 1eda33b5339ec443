import { AzureError } from '../azure-error';
import { textAt } from '../json';
import type { BackupRedundancy } from '../state';

/** The backup redundancy a request asks for; throws 400 for one Azure does not know. */
export function readRedundancy(body: unknown): BackupRedundancy | undefined {
  const asked = textAt(body, 'properties', 'requestedBackupStorageRedundancy');
  if (
    asked === undefined ||
    asked === 'Geo' ||
    asked === 'Zone' ||
    asked === 'Local' ||
    asked === 'GeoZone'
  ) {
    return asked;
  }
  throw new AzureError(
    400,
    'UnsupportedBackupStorageRedundancy',
    'Specified Backup Storage Redundancy is not supported in target region.',
  );
}
