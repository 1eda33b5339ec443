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

/** A scenario by its name; what a test is called. */
export const nameOf = ({ runbook, words }: Scenario): string => `${runbook}: ${words}`;
