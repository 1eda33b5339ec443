import { allScenarios } from '../../support/theatre/all-scenarios';
import { everyCallWrong } from '../../support/theatre/every-call-wrong';
import { partOf } from '../../support/theatre/part-of';

everyCallWrong(partOf(allScenarios, 0, 2));
