import { everyCallWrong } from '../../support/theatre/every-call-wrong';

everyCallWrong(0, 2);
