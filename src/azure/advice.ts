/** What can be done about a problem now, as the end of its message. */
export function adviceFor(problem: {
  readonly code: string;
  readonly status: number | null;
  readonly passing: boolean;
  readonly unknownOutcome: boolean;
  readonly retryAfterMs: number | null;
}): string {
  const known = byCode[problem.code];
  if (known) return known;
  if (problem.unknownOutcome)
    return 'It is not known whether Azure took the request: look before sending it again.';
  if (problem.passing) return `This passes by itself: retry${after(problem.retryAfterMs)}.`;
  if (
    problem.status === 401 ||
    problem.code.startsWith('AADSTS') ||
    problem.code === 'AuthenticationFailed'
  ) {
    return "Check the bot's identity: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or its managed identity.";
  }
  if (problem.status === 403) return "Give the bot's identity the role from infra/, then retry.";
  if (problem.code === 'Unreachable') return 'Check HTTPS_PROXY and NODE_EXTRA_CA_CERTS, then retry.';
  return 'Nothing more was changed: mend the cause and retry, or take over by hand.';
}

const after = (milliseconds: number | null): string =>
  milliseconds === null ? '' : ` in ${Math.ceil(milliseconds / 1000)} s`;

const byCode: { readonly [code: string]: string | undefined } = {
  ScopeLocked: 'Ask an owner of the resource to remove the lock, then retry.',
  AuthorizationFailed: "Give the bot's identity the role from infra/ at this scope, then retry.",
  ForbiddenByRbac:
    'Give the bot\'s identity the role "dr-bot secrets" from infra/ on this vault, wait some minutes until it counts, then retry.',
  AccessDenied:
    "Give the bot's identity the secret permissions List, Set and Recover in the vault's access policies, then retry.",
  ObjectIsDeletedButRecoverable: 'Recover the deleted secret first: its name cannot be used until then.',
  Authorization_RequestDenied:
    "Make the bot's identity an owner of this Entra application and grant it Application.ReadWrite.OwnedBy, then retry.",
  InvalidPointInTime: 'Choose a restore point inside the restorable window.',
  BackupSetNotFoundRecentPit:
    'The newest log backup is not there yet: retry with the same restore point in a few minutes.',
  DatabaseNameInUse: 'Look which database holds the name, and rename or delete it if it is not needed.',
  InvalidOperationForDatabaseInReplicationRelationship:
    'Take the database off its geo-replication link and failover group first.',
  PreconditionFailed:
    'Something else keeps changing it, or Azure does not show what is there: look at it in the portal, then retry.',
  RestoreTargetEditionSizeInsufficient: 'Choose a larger service objective for the copy.',
  ProvisioningDisabled:
    'Azure has no capacity for this in the region: open a support request or choose another tier.',
};
