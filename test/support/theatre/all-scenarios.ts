import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../../scenarios/scenario';

const folder = join(__dirname, '..', '..', 'scenarios');

/** Every scenario of the folder. */
export const allScenarios: readonly Scenario[] = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .toSorted()
  .flatMap((file) => {
    const { scenarios = [] }: { readonly scenarios?: readonly Scenario[] } = require(join(folder, file));
    return scenarios;
  });

/** Those in which bots are killed: all of them with KILL=all, and without the variants of others in a sample. */
export const killedScenarios = allScenarios.filter(
  ({ variant }) => process.env['KILL'] === 'all' || !variant,
);

/** A scenario by its name; what a test is called. */
export const nameOf = ({ runbook, words }: Scenario): string => `${runbook}: ${words}`;
