import { allScenarios } from '../../support/theatre/all-scenarios';
import { everyChangeWrong } from '../../support/theatre/every-change-wrong';
import { partOf } from '../../support/theatre/part-of';

everyChangeWrong(partOf(allScenarios, 1, 2));
