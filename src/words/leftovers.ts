import { deletedName } from '../engine/deleted-name';
import { isUndo, isUndoVerification, undoOperation } from '../engine/undo';
import type { Json } from '../incidents/json';
import type { OperationData } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';

/** A database that a run leaves behind and that somebody has to keep or remove. */
export interface Leftover {
  readonly database: string;
  readonly origin: 'former production database' | 'restored copy';
}

/**
 * The databases that exist because of a run, beside the one in production: followed through every restore and
 * rename that was done and taken back, on the server of the restore. Empty for a run that restored nothing.
 */
export function leftovers(run: RunState): readonly Leftover[] {
  const changes = changesOf(run);
  const restore = changes.find((does) => restores.has(does.op));
  if (!restore || typeof restore['target'] !== 'string') return [];
  const production = sourceOf(restore);
  if (production === null) return [];
  const origins = new Map<string, Leftover['origin']>([
    [production, 'former production database'],
    [restore['target'], 'restored copy'],
  ]);
  const server = serverOf(restore);
  for (const does of changes) if (serverOf(does) === server) follow(does, origins);
  origins.delete(production);
  return [...origins].map(([database, origin]) => ({ database, origin }));
}

const restores = new Set(['sql.point-in-time-restore', 'sql.restore-dropped']);

/** The name of what was restored: a deleted database may have come back under its own, and is then no left-over. */
function sourceOf({ source, dropped }: OperationData): string | null {
  if (typeof source === 'string') return source;
  return typeof dropped === 'string' ? (deletedName(dropped)?.name ?? null) : null;
}

/** What was changed in Azure, in the order in which it was done. */
function changesOf(run: RunState): readonly OperationData[] {
  const { plan } = run;
  if (!plan) return [];
  return Object.entries(run.stages)
    .filter(([, { status }]) => status === 'done')
    .sort(([, a], [, b]) => Number(a.endedAt) - Number(b.endedAt))
    .flatMap(([name]) => {
      if (isUndoVerification(name)) return [];
      if (isUndo(name)) return [undoOperation(plan, name)];
      const stage = plan.stages.find((one) => one.name === name);
      return stage?.kind === 'step' ? [stage.does] : [];
    });
}

function follow(does: OperationData, origins: Map<string, Leftover['origin']>): void {
  if (does.op === 'sql.delete' && typeof does['database'] === 'string') origins.delete(does['database']);
  const { from, to } = does;
  if (does.op !== 'sql.rename' || typeof from !== 'string' || typeof to !== 'string') return;
  const origin = origins.get(from);
  origins.delete(from);
  if (origin) origins.set(to, origin);
}

const serverOf = (does: OperationData): string => {
  const server: Json | undefined = does['server'];
  return typeof server === 'object' && server !== null && 'server' in server ? String(server['server']) : '';
};
