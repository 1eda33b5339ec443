import { readConfig } from '../../src/config';
import { tier3 } from '../support/tier3-estate';

const estateIn = (file: string) => readConfig({ ESTATE_FILE: `infra/${file}` }).estate;

test('the estate of Tier 3 is the demo’s own in everything but what Tier 3 has beside it', () => {
  expect(estateIn('estate.tier3.yaml')).toEqual(tier3(estateIn('estate.demo.yaml')));
});
