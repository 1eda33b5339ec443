import { playedByTwo } from '../../support/theatre/all-scenarios';
import { partOf } from '../../support/theatre/part-of';
import { twoBots } from '../../support/theatre/two-bots';

twoBots(partOf(playedByTwo, 0, 3));
