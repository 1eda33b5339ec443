import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { codeVersion } from './code-version';
import type { Runbook } from './runbook';

/**
 * The runbooks of a folder by name, in the order of the document's sections: every file there exports one as `runbook`, named like the file.
 * Their version is that of the runbooks and of the operations that they are made of.
 * @throws Error naming the file that does not.
 */
export function loadRunbooks(folder: string): ReadonlyMap<string, Runbook> {
  const files = readdirSync(folder).filter((file) => /(?<!\.d)\.(ts|js)$/.test(file));
  const found = files.map((file) => {
    const { name } = parse(file);
    const exported: unknown = require(join(folder, file));
    if (!isRunbookModule(exported) || exported.runbook.name !== name)
      throw new Error(`${join(folder, file)} must export a runbook named "${name}" as \`runbook\`.`);
    return exported.runbook;
  });
  const version = codeVersion([folder, join(folder, '..', 'azure')]);
  found.sort((a, b) => a.source.localeCompare(b.source, 'en') || a.name.localeCompare(b.name, 'en'));
  return new Map(found.map((runbook) => [runbook.name, { ...runbook, version }]));
}

const isRunbookModule = (value: unknown): value is { readonly runbook: Runbook } =>
  typeof value === 'object' &&
  value !== null &&
  'runbook' in value &&
  typeof value.runbook === 'object' &&
  value.runbook !== null &&
  'compile' in value.runbook;
