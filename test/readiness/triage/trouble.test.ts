import { troubleIn } from '../../../src/readiness/triage/trouble';

test.each([
  ['the app is down', {}],
  ['help, the app is down', {}],
  ['the site is down!!!', {}],
  ['HELP! the portal does not load', {}],
  ["the app isn't working", {}],
  ['the page shows HTTP 503', {}],
  ['everyone gets an error', {}],
  ['users cannot sign in', { 'sign-in': 'no' }],
  ['nobody can log in', { 'sign-in': 'no' }],
  ["people can't sign in since nine", { 'sign-in': 'no' }],
  ['login fails for everyone', { 'sign-in': 'no' }],
  ['sign-in does not work', { 'sign-in': 'no' }],
  ['help!!! data is gone', { data: 'no' }],
  ['somebody deleted all requests', { data: 'no' }],
  ['Anna deleted 214 requests', { data: 'no' }],
  ['the requests of this week are missing', { data: 'no' }],
  ['the data is wrong', { data: 'no' }],
  ['the data is not right', { data: 'no' }],
  ['everything was wiped', { data: 'no' }],
  ['the site is down, the data is fine', { data: 'yes' }],
  ['requests are gone and users cannot sign in', { data: 'no', 'sign-in': 'no' }],
  ['users can sign in, but data is missing', { data: 'no', 'sign-in': 'yes' }],
  ['the database is gone', {}],
  ['the secret was deleted', {}],
  ['somebody deleted the vault', {}],
  ['is the data gone?', {}],
  ['did somebody delete the requests? the app is down', {}],
  ['the app is down, but no data is lost', {}],
  ['the app is down and nothing was deleted', {}],
])('“%s” is surely trouble, and states %j', (words, said) => {
  expect(troubleIn(words)).toEqual({ sure: true, said });
});

test.each(['something is wrong', 'the app is slow today', 'we have a problem', 'it fails'])(
  '“%s” may be trouble: looking is offered',
  (words) => expect(troubleIn(words)).toMatchObject({ sure: false }),
);

test.each([
  '',
  'me',
  'restore db to 10:00',
  'restore',
  'status',
  'thank you',
  'who may approve',
  'all is well',
  'what can you do',
  'approve inc7',
])('“%s” is no trouble', (words) => expect(troubleIn(words)).toBeNull());
