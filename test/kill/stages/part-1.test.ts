import { killedAtStages } from '../../support/theatre/all-scenarios';
import { killedAtEveryStage } from '../../support/theatre/killed-at-every-stage';
import { partOf } from '../../support/theatre/part-of';

killedAtEveryStage(partOf(killedAtStages, 0, 3));
