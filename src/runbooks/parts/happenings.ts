import type { AuditEntry, Between } from '../../azure/audit/audit-trail';
import type { DatabaseChange } from '../../azure/audit/database-changes';
import { AzureProblem } from '../../azure/operation';
import type { Context } from '../../engine/runbook';

/** Where it is known from that something was done. */
export type Source = 'audit trail' | 'activity log';

/** For people. */
export const sourceWords = {
  'audit trail': "the app's audit trail",
  'activity log': "Azure's activity log",
} as const;

/** Something that somebody did to a database: what a restore may go back behind. */
export interface Happening {
  readonly source: Source;
  readonly id: string;
  readonly at: Date;
  /** `Anna deleted 214 requests`. */
  readonly words: string;
  readonly destructive: boolean;
  /** What the app says of it; null for what Azure says. */
  readonly entry: AuditEntry | null;
}

/** What was done, and in words what could not be found out. */
export interface Happenings {
  readonly known: readonly Happening[];
  readonly unknown: readonly string[];
}

/** Everything that two logs tell of a database in a stretch of time, read side by side. */
export async function happenings(context: Context, database: string, between: Between): Promise<Happenings> {
  const read = await Promise.all([
    orUnknown('audit trail', rowChanges(context, database, between)),
    orUnknown('activity log', azureChanges(context, database, between)),
  ]);
  return { known: read.flatMap(({ known }) => known), unknown: read.flatMap(({ unknown }) => unknown) };
}

/** What one of the two logs tells. @throws AzureProblem when it cannot be read. */
export const happeningsIn = (
  source: Source,
  context: Context,
  database: string,
  between: Between,
): Promise<readonly Happening[]> =>
  source === 'audit trail'
    ? rowChanges(context, database, between)
    : azureChanges(context, database, between);

async function rowChanges(
  { app, azure }: Context,
  database: string,
  between: Between,
): Promise<readonly Happening[]> {
  const { auditTrailUrl: url, auditTrailApplication: application } = app;
  // The trail is about the database that the app lives on, and about no other.
  if (url === null || application === null || database !== app.database) return [];
  const entries = await azure.audit.trail({ url, application }, between);
  return entries.map((entry) => ({
    ...{ source: 'audit trail', id: entry.id, at: entry.at, entry },
    ...{ words: entryWords(entry), destructive: entry.action === 'delete' },
  }));
}

async function azureChanges(
  { app, azure }: Context,
  database: string,
  between: Between,
): Promise<readonly Happening[]> {
  const changes = await azure.audit.changes(app.sqlServer, database, between);
  return changes.map((change) => ({
    ...{ source: 'activity log', id: change.id, at: change.at, entry: null },
    ...{ words: changeWords(change), destructive: change.did === 'deleted' },
  }));
}

const acts = { insert: 'added', update: 'changed', delete: 'deleted' } as const;

/** `Anna deleted 214 requests`. */
export const entryWords = ({ by, action, rows, table }: AuditEntry): string =>
  `${by} ${acts[action]} ${rows === 1 ? `1 row of ${table}` : `${rows} ${table}`}`;

const changeWords = ({ by, did, database }: DatabaseChange): string =>
  `${callerWords(by)} ${did} ${database}`;

/** Azure names people by their sign-in name, and applications by nothing but an object id. */
export const callerWords = (by: string): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(by) ? `an application (object id ${by})` : by;

async function orUnknown(source: Source, reading: Promise<readonly Happening[]>): Promise<Happenings> {
  try {
    return { known: await reading, unknown: [] };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    const words = `${capital(sourceWords[source])} could not be read (${error.details.code}), so ${missing[source]} are not listed. Type the time instead.`;
    return { known: [], unknown: [words] };
  }
}

const missing = {
  'audit trail': 'deletions of rows',
  'activity log': 'changes of the whole database',
} as const;

const capital = (words: string): string => `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
