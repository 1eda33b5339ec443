import { webAppId } from '../../azure/resource-id';
import type { ProtectedApp } from '../../engine/estate';

/** One thing that is done by hand when neither Teams nor the bot answers: what for, and the commands in order. */
export interface ByHand {
  readonly title: string;
  readonly source: string;
  readonly notes: readonly string[];
  readonly commands: readonly string[];
}

const MOMENT = '<UTC moment, for example 2026-02-14T10:00:00Z>';

/**
 * The document's procedures with this app's names in them, as commands that are right: where the document's own would
 * fail or do harm, the note says what was changed. None holds a secret or asks for one on the command line.
 */
export const byHand = (app: ProtectedApp): readonly ByHand[] => [
  signIn(app),
  lostData(app),
  lostSecret(app),
  lostRegion(app),
  lostStorage(app),
  badRelease(app),
];

const restart = ({ webApp }: ProtectedApp): string =>
  `az webapp restart --resource-group ${webApp.resourceGroup} --name ${webApp.app}`;

const signIn = ({ subscriptionId, healthUrl }: ProtectedApp): ByHand => ({
  title: 'First',
  source: 'before anything else',
  notes: ['Write down the time of everything that you do, in UTC.'],
  commands: ['az login', `az account set --subscription ${subscriptionId}`, `curl -i ${healthUrl}`],
});

function lostData(app: ProtectedApp): ByHand {
  const { sqlServer, database } = app;
  const on = `--resource-group ${sqlServer.resourceGroup} --server ${sqlServer.server}`;
  return {
    title: 'Data was deleted or is wrong',
    source: 'Scenario 1',
    notes: [
      'Restore beside production first, look at the copy, and rename only then.',
      'A database that is geo-replicated or in a failover group cannot be renamed: take it out first, and put it back afterwards.',
    ],
    commands: [
      `az sql db show ${on} --name ${database} --query "{earliest:earliestRestoreDate,status:status}"`,
      `az sql db restore ${on} --name ${database} --dest-name ${database}-Restored --time "${MOMENT}"`,
      `az sql db rename ${on} --name ${database} --new-name ${database}-Old`,
      `az sql db rename ${on} --name ${database}-Restored --new-name ${database}`,
      restart(app),
    ],
  };
}

function lostSecret(app: ProtectedApp): ByHand {
  const { vault, secrets } = app;
  const references = `https://management.azure.com${webAppId(app.webApp)}/config/configreferences/appsettings`;
  return {
    title: 'A secret, or the vault, is gone',
    source: 'Scenario 2',
    notes: [
      `The app's secrets: ${secrets.map(({ name }) => name).join(', ') || 'none in the estate file'}.`,
      'A restart alone does not fetch a secret again, so the references are refreshed first: each must say Resolved.',
      'A new value goes in by a file that only you can read, and that you delete afterwards: what is typed on a command line is kept in histories.',
    ],
    commands: [
      `az keyvault list-deleted --query "[?name=='${vault.vault}']"`,
      `az keyvault recover --name ${vault.vault}`,
      `az keyvault secret list-deleted --vault-name ${vault.vault} --query "[].{name:name,purge:scheduledPurgeDate}"`,
      `az keyvault secret recover --vault-name ${vault.vault} --name <secret>`,
      `az keyvault secret set --vault-name ${vault.vault} --name <secret> --file <file with the new value>`,
      `az rest --method post --url "${references}/refresh?api-version=2022-03-01"`,
      `az rest --method get --url "${references}?api-version=2023-12-01" --query "value[].{name:name,status:properties.status}"`,
      restart(app),
    ],
  };
}

function lostRegion(app: ProtectedApp): ByHand {
  const { sqlServer, database, secondary, secondaryRegion, template, domain, trafficManager } = app;
  const group = secondary?.resourceGroup ?? `${app.resourceGroup}-dr`;
  const server = secondary?.sqlServer.server ?? '<new SQL server>';
  const short = [
    `az sql failover-group list --resource-group ${group} --server ${server} --query "[].{name:name,role:replicationRole}"`,
    `az sql failover-group set-primary --resource-group ${group} --server ${server} --name <failover group>`,
    `az sql failover-group set-primary --resource-group ${group} --server ${server} --name <failover group> --allow-data-loss`,
    ...(trafficManager
      ? [
          `az network traffic-manager endpoint update --resource-group ${trafficManager.resourceGroup} --profile-name ${trafficManager.profile} --type azureEndpoints --name primary --endpoint-status Disabled`,
        ]
      : []),
  ];
  const source =
    template && 'uri' in template.from ? `--template-uri ${template.from.uri}` : '--template-file <template>';
  const parameters = Object.entries(template?.parameters ?? {}).map(([name, value]) => `${name}=${value}`);
  const secure = Object.entries(template?.secureParameters ?? {}).map(
    ([name, { vault, secret }]) => `${name} is the secret ${secret} in the vault ${vault.vault}`,
  );
  const deploy = `--resource-group ${group} ${source} --parameters ${[...parameters, '@<file with the secure parameters>'].join(' ')}`;
  const long = [
    `az group create --name ${group} --location ${secondaryRegion}`,
    `az deployment group what-if ${deploy}`,
    `az deployment group create ${deploy}`,
    `az sql db geo-backup list --resource-group ${sqlServer.resourceGroup} --server ${sqlServer.server} --query "[].{name:name,id:id,newest:lastAvailableBackupDate}"`,
    `az sql db geo-backup restore --resource-group ${group} --dest-server ${server} --dest-database ${database} --geo-backup-id <id from above>`,
    ...(domain
      ? [
          `az network dns record-set cname set-record --resource-group ${domain.zoneResourceGroup} --zone-name ${domain.zone} --record-set-name ${domain.hostName.replace(`.${domain.zone}`, '')} --cname ${secondary?.webApp.app ?? '<new app>'}.azurewebsites.net`,
        ]
      : []),
    `curl -i ${secondary?.healthUrl ?? 'https://<new app>.azurewebsites.net/health'}`,
  ];
  return {
    title: 'The whole region is gone',
    source: 'Scenario 3',
    notes: [
      '“az sql db geo-restore” of the document does not exist; “geo-backup restore” does.',
      'A geo-backup can be an hour old: what was written since is lost.',
      ...(secure.length > 0
        ? [`Secure parameters: ${secure.join('; ')}. Write them into a file, never on the command line.`]
        : []),
      ...(app.tier === 3
        ? ['Without --allow-data-loss first: with it, writes that were not replicated yet are lost.']
        : []),
      'The new address must be among the redirect URIs of the Entra applications: add it, and keep those that are there.',
    ],
    commands: app.tier === 3 ? short : long,
  };
}

function lostStorage(app: ProtectedApp): ByHand {
  const { account, resourceGroup } = app.storage;
  const one = `--name ${account} --resource-group ${resourceGroup}`;
  return {
    title: 'The storage account does not work',
    source: 'Scenario 4',
    notes: [
      'Read the Last Sync Time first: what was written after it is lost by the failover.',
      'After the failover the account is in one region alone; the last command makes it geo-redundant again.',
      'The connection string stays the same.',
    ],
    commands: [
      `az storage account show ${one} --expand geoReplicationStats --query "{sku:sku.name,sync:geoReplicationStats.lastSyncTime,can:geoReplicationStats.canFailover}"`,
      `az storage account failover ${one} --yes`,
      `az storage account update ${one} --sku Standard_GRS`,
      restart(app),
    ],
  };
}

function badRelease(app: ProtectedApp): ByHand {
  const { webApp, packages, healthUrl } = app;
  const one = `--resource-group ${webApp.resourceGroup} --name ${webApp.app}`;
  const address = `${packages.url}/${packages.channels[0] ?? 'latest'}/${packages.name}-<version>.zip`;
  return {
    title: 'A release is bad',
    source: 'Scenario 5',
    notes: [
      'Ask the host for the file before you set it: the answer must be 200.',
      '“appsettings set” of the az command keeps the other settings. The REST call beneath it replaces all of them: do not send it yourself.',
      'A version that has moved the database’s schema cannot be taken back without the database: restore that to just before the deployment, after the package is set.',
    ],
    commands: [
      `az webapp config appsettings list ${one} --query "[?name=='WEBSITE_RUN_FROM_PACKAGE'].value" --output tsv`,
      `curl -I "${address}"`,
      `az webapp config appsettings set ${one} --settings WEBSITE_RUN_FROM_PACKAGE="${address}" --output none`,
      restart(app),
      `curl -i ${healthUrl}`,
    ],
  };
}
