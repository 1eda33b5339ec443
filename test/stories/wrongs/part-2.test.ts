import { everyCallWrong } from '../../support/theatre/every-call-wrong';

everyCallWrong(1, 2);
