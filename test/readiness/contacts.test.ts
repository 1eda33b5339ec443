import { contactsOf } from '../../src/readiness/contacts';
import { estate } from '../support/protected-app';

const reached = (reach: string) =>
  contactsOf({
    ...estate,
    contacts: [{ role: 'Primary admin', name: 'Alex', reach, responsibility: 'First responder' }],
  }).people[0]?.link;

test.each([
  [
    'https://portal.azure.com/#blade/Microsoft_Azure_Support',
    'https://portal.azure.com/#blade/Microsoft_Azure_Support',
  ],
  ['security@contoso.example', 'mailto:security@contoso.example'],
  ['+1 425 555 0100', 'tel:+14255550100'],
  ['the pager in the drawer', null],
  ['http://plain.example', null],
])('%s is reached by %s', (reach, link) => {
  expect(reached(reach)).toBe(link);
});

test.each([
  ['Basic', 'no promise', /recommends Standard/],
  ['Developer', '8 hours', /recommends Standard/],
  ['Standard', '1 hour', /^$/],
  ['Professional Direct', '15 minutes', /^$/],
] as const)('the %s plan answers a Severity A: %s', (supportPlan, answersIn, warning) => {
  const { support } = contactsOf({ ...estate, supportPlan });
  expect(support).toMatchObject({ plan: supportPlan, answersIn, warning: expect.stringMatching(warning) });
});

test('who may do what is told by role, each person under every role they have', () => {
  expect(contactsOf(estate).roles).toEqual(
    expect.arrayContaining([
      { role: 'approver', people: expect.arrayContaining(['Megan Bowen', 'Adele Vance']) },
    ]),
  );
});
