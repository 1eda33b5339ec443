import { demoGroups } from '../../src/simulator/graph/directory-state';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
afterEach(() => simulator.clearFaults());

const person = (last: string) => `00000000-0000-0000-0000-00000000000${last}`;

test('a user is read by their id, with their mail in small letters; nobody of that id is null', async () => {
  const { directory } = azureAgainst(simulator);
  expect(await directory.user(person('91'))).toEqual({
    ...{ id: person('91'), name: 'Alex Wilber (guest)', mail: 'alex@contoso.example' },
  });
  expect(await directory.user(person('99'))).toBeNull();
});

test('the members of a group are read through the groups inside it', async () => {
  const { directory } = azureAgainst(simulator);
  expect((await directory.membersOf(demoGroups.approvers)).map(({ name }) => name)).toEqual([
    'Megan Bowen',
    'Adele Vance',
  ]);
  await expect(directory.membersOf('no-such-group')).rejects.toMatchObject({ details: { status: 404 } });
});

test('Graph refusing or failing is a problem in its own words', async () => {
  const { directory } = azureAgainst(simulator);
  simulator.addFault({
    path: '/transitiveMembers',
    status: 403,
    code: 'Authorization_RequestDenied',
    message: 'Insufficient privileges to complete the operation.',
  });
  await expect(directory.membersOf(demoGroups.leads)).rejects.toMatchObject({
    details: { code: 'Authorization_RequestDenied', status: 403 },
  });
});
