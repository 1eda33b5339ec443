import { objectiveOf } from '../../src/azure/sql/objective-of';

test.each([
  [{ name: 'Standard', tier: 'Standard', capacity: 10 }, 'S0'],
  [{ name: 'Standard', tier: 'Standard', capacity: 3000 }, 'S12'],
  [{ name: 'Premium', tier: 'Premium', capacity: 125 }, 'P1'],
  [{ name: 'Basic', tier: 'Basic', capacity: 5 }, 'Basic'],
  [{ name: 'S2' }, 'S2'],
  [{ name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 }, 'GP_Gen5_2'],
  [{ name: 'GP_S_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 4 }, 'GP_S_Gen5_4'],
  [{ name: 'HS_PRMS', tier: 'Hyperscale', capacity: 8 }, 'HS_PRMS_8'],
  [{ name: 'ElasticPool', tier: 'Standard', capacity: 0 }, 'ElasticPool'],
  [{ name: 'Standard', capacity: 11 }, null],
  [{ name: 'Standard' }, null],
  [undefined, null],
])('%j is %s', (sku, objective) => {
  expect(objectiveOf(sku)).toBe(objective);
});
