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

/** Two bots are played in every so many scenarios of a sample; in the others the one bot is killed at its stages. */
const TWO_BOTS_EVERY = 4;

/** Scenarios in which bots are killed: with KILL=all every one, and otherwise those of the sample, without variants. */
const killed = (sample: readonly Scenario[]): readonly Scenario[] =>
  everything ? allScenarios : sample.filter(({ variant }) => !variant);

const sampleOfTwo = partOf(allScenarios, 1, TWO_BOTS_EVERY);

/** Scenarios in which one of two bots is killed or stands still. */
export const playedByTwo = killed(sampleOfTwo);

/** Scenarios in which the one bot is killed at its stages: in a sample, those that the other sample leaves out. */
export const killedAtStages = killed(allScenarios.filter((scenario) => !sampleOfTwo.includes(scenario)));

/** A scenario by its name; what a test is called. */
export const nameOf = ({ runbook, words }: Scenario): string => `${runbook}: ${words}`;
