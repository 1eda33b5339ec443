import { disasterList } from '../../../src/simulator/disasters';
import { everyReadWrong } from '../../support/reads/every-read-wrong';

everyReadWrong(disasterList.map(({ name }) => name));
