import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../../scenarios/scenario';
import { partOf } from './part-of';

const folder = join(__dirname, '..', '..', 'scenarios');

/** Every scenario of the folder. */
export const allScenarios: readonly Scenario[] = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .toSorted()
  .flatMap((file) => {
    const { scenarios = [] }: { readonly scenarios?: readonly Scenario[] } = require(join(folder, file));
    return scenarios;
  });

const everything = process.env['KILL'] === 'all';

/** Scenarios in which bots are killed: all of them with KILL=all; a sample takes every other one, and no variants. */
const killed = (first: number): readonly Scenario[] =>
  everything ? allScenarios : partOf(allScenarios, first, 2).filter(({ variant }) => !variant);

/** Scenarios in which the one bot is killed at its stages. */
export const killedAtStages = killed(0);

/** Scenarios in which one of two bots is killed or stands still: in a sample, those that the other sample leaves out. */
export const playedByTwo = killed(1);

/** A scenario by its name; what a test is called. */
export const nameOf = ({ runbook, words }: Scenario): string => `${runbook}: ${words}`;
