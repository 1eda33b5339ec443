import type { Azure } from '../../azure/azure';
import { databaseResourceId, storageAccountId, vaultId, webAppId } from '../../azure/resource-id';
import type { ProtectedApp } from '../../engine/estate';
import { known } from '../known';
import { locksHeld, packageSource, templateThere } from './app';
import { backupRedundancy, differentialBackups, geoBackupAge, replication, restoreWindow } from './database';
import type { Protection } from './finding';
import { storageRedundancy, storageSync } from './storage';
import { purgeProtection, secretsThere, softDelete } from './vault';

/**
 * What is protected and how, read from Azure as it is: all readings side by side, each with its own time. What does not
 * answer is unknown, and holds up nothing else.
 */
export async function readProtection(
  azure: Azure,
  app: ProtectedApp,
  now: Date,
  patienceMs: number,
): Promise<readonly Protection[]> {
  const within = <T>(reading: Promise<T>) => known(reading, patienceMs);
  const resources = [
    databaseResourceId(app.sqlServer, app.database),
    webAppId(app.webApp),
    vaultId(app.vault),
    storageAccountId(app.storage),
  ];
  const [database, backups, geo, vault, secrets, account, locks, source, template] = await Promise.all([
    within(azure.database(app.sqlServer, app.database)),
    within(azure.sql.backups(app.sqlServer, app.database)),
    within(azure.sql.geoBackup(app.sqlServer, app.database)),
    within(azure.vault.vault(app.vault)),
    within(azure.vault.secrets(app.vault)),
    within(azure.storage.account(app.storage)),
    within(Promise.all(resources.map((id) => azure.locks(id))).then((found) => found.flat())),
    within(packageOf(azure, app)),
    within(app.template ? azure.deployments.template(app.template.from) : Promise.resolve(null)),
  ]);
  return [
    restoreWindow(database),
    backupRedundancy(backups, app),
    geoBackupAge(geo, app, now),
    replication(database, app),
    differentialBackups(backups),
    softDelete(vault),
    purgeProtection(vault),
    secretsThere(secrets, app, now),
    storageRedundancy(account),
    storageSync(account, now),
    packageSource(source, app),
    templateThere(template, app),
    locksHeld(locks),
  ];
}

async function packageOf(azure: Azure, { webApp, packages }: ProtectedApp) {
  const [settings, found] = await Promise.all([
    azure.web.settings(webApp),
    azure.packages.versions(packages, []),
  ]);
  return { settings, found };
}
