/** A reading that may fail without the answer saying so: of what, on which call, and why nothing untrue is said then. */
interface Excuse {
  /** Matched against what was asked and after which disaster: `triage rows-deleted`. */
  readonly of: RegExp;
  /** Matched against the call. */
  readonly on: RegExp;
  /** Matched against the name of what goes wrong; any, unless told. */
  readonly when?: RegExp;
  /** Whether it may be seen that something went wrong which would have passed. */
  readonly passing?: true;
  readonly because: string;
}

/** The readings that may fail unseen. */
export const excuses: readonly Excuse[] = [
  {
    of: /^(failover|replace|rollback|reprotect|failback)/,
    on: /azurewebsites\.net\/health$|core\.windows\.net\/$/,
    when: /^(429|500|503)|cut/,
    passing: true,
    because: 'A form shows what answered a moment ago, with its status, and recommends nothing by it.',
  },
  {
    of: /^restore/,
    on: /backupShortTermRetentionPolicies/,
    because: 'The form says from when to when it can go back, which Azure says of the database itself.',
  },
  {
    of: /^(restore|triage|protection)/,
    on: /\/(replicationLinks|failoverGroups)$/,
    when: /^404/,
    because: 'Azure says by it that there is none.',
  },
  {
    of: /^triage/,
    on: /\/(backupShortTermRetentionPolicies\/default|usages)$/,
    because: 'A triage says nothing of how long backups are kept, nor of how much is stored.',
  },
  {
    of: /^protection/,
    on: /\/usages$/,
    because: 'Protection says nothing of how much is stored.',
  },
  {
    of: /^triage (?!database-deleted)/,
    on: /\/restorableDroppedDatabases$/,
    because: 'Only of a database that is not there it matters whether it was deleted.',
  },
  {
    of: /^triage (?!secret-|vault-)/,
    on: /\/deletedsecrets$/,
    because: 'Only of a secret that is not there it matters whether it was deleted.',
  },
  {
    of: /^triage (?!app-stopped)/,
    on: /Microsoft\.Web\/sites\/[\w-]+(\/config\/(appsettings\/list|slotConfigNames))?$/,
    because:
      "The app's own word is enough and where it is red, its site only says more; what it is set to run is told by itself.",
  },
  {
    of: /^triage/,
    on: /bi\.powerstacks\.com/,
    because: 'Versions only prefill the form of a rollback, which lists them itself.',
  },
  {
    of: /^triage/,
    on: /azurewebsites\.net\/health$/,
    when: /^409|stall/,
    because: 'An app that answers an error, or nothing, is broken as far as anybody can see: that was read.',
  },
  {
    of: /^failover region/,
    on: /apprequest-dr-demo01\.azurewebsites\.net/,
    because: 'Before its resource group exists nothing can answer there, and the form says so.',
  },
  {
    of: /^(failover region|reprotect|failback)/,
    on: /\/failoverGroups$/,
    because: 'A group is seen from both servers, and the other one has told that there is none.',
  },
  {
    of: /^rollback app/,
    on: /Microsoft\.Sql\/servers/,
    because:
      'It only says how far back the activity log is asked for earlier versions; that is a week without it.',
  },
];
