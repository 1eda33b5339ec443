/** A table of measured values, its first row the headings. */
export interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
  /** What is not as it must be: the bench fails by it. */
  readonly problems?: readonly string[];
}

/** A table in plain text, its columns in line. */
export function inColumns({ title, rows }: Table): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_one, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`), ''].join('\n');
}

/** The value below which this share (0-1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const inMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
