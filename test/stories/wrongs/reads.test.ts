import { everyReadWrong } from '../../support/reads/every-read-wrong';

everyReadWrong([null]);
