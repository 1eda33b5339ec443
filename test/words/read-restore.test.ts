import fc from 'fast-check';
import { readRestore } from '../../src/words/read-restore';

const demo = { apps: [{ name: 'apprequest', databases: ['AppRequestPortal'] }] };
const portal = { app: 'apprequest', database: 'AppRequestPortal' };

test.each([
  ['db to 10:00', '10:00'],
  ['DB TO 10:00', '10:00'],
  ['the db back to 10:00', '10:00'],
  ['database AppRequestPortal to 10:00 on 14 Feb', '10:00 on 14 Feb'],
  ['AppRequestPortal to 10:00', '10:00'],
  ['`apprequestportal` to 10:00', '10:00'],
  ['apprequest/AppRequestPortal to 10:00', '10:00'],
  ['db of apprequest to 10:00', '10:00'],
  ["apprequest's database as of noon", 'noon'],
  ['apprequest db to yesterday 6pm', 'yesterday 6pm'],
  ['db 10 minutes ago', '10 minutes ago'],
  ['db half an hour ago', 'half an hour ago'],
  ['db last night at 11pm', 'last night at 11pm'],
  ['db Feb 14 10am', 'Feb 14 10am'],
  ['db at 6', 'at 6'],
  ['db 2026-02-14T10:00:00Z', '2026-02-14T10:00:00Z'],
  ['db before 10:00', 'before 10:00'],
  ['to 10:00 in apprequest', '10:00'],
  ['to 10:00 on 14 Feb for the apprequest db', '10:00 on 14 Feb'],
  ['db to banana', 'banana'],
])('"restore %s" is about the one database there is, to "%s"', (rest, timeText) => {
  expect(readRestore(rest, demo)).toEqual({ ...portal, timeText });
});

test.each(['', '  ', 'please'])('a bare restore with "%s" says nothing', (rest) => {
  expect(readRestore(rest, demo)).toEqual({});
});

test.each(['db', 'db to', 'apprequest'])('"restore %s" names the database and no time', (rest) => {
  expect(readRestore(rest, demo)).toEqual(portal);
});

test.each(['to 10:00 on 14 Feb', '10:00 on 14 Feb'])('"restore %s" names a time and no database', (rest) => {
  expect(readRestore(rest, demo)).toEqual({ timeText: '10:00 on 14 Feb' });
});

test('a database that nobody knows is a problem that names those there are', () => {
  expect(readRestore('database Orders to 10:00', demo)).toEqual({
    timeText: '10:00',
    leftover: 'Orders',
    problem: 'I do not know “Orders”. Databases of apprequest: AppRequestPortal.',
  });
});

test('a misspelt database is not guessed but suggested', () => {
  expect(readRestore('AppRequestPortl 10 minutes ago', demo)).toEqual({
    timeText: '10 minutes ago',
    leftover: 'AppRequestPortl',
    problem:
      'I do not know “AppRequestPortl”. Did you mean AppRequestPortal? Databases of apprequest: AppRequestPortal.',
  });
});

const estate = {
  apps: [
    { name: 'shop', databases: ['Orders', 'Stock'] },
    { name: 'billing', databases: ['Invoices', 'Audit Trail'] },
    { name: 'support', databases: ['Audit Trail'] },
  ],
};

test.each([
  ['db to 10:00', {}],
  ['orders to 10:00', { app: 'shop', database: 'Orders' }],
  ['shop db to 10:00', { app: 'shop' }],
  ['support db to 10:00', { app: 'support', database: 'Audit Trail' }],
  ['audit trail to 10:00', { database: 'Audit Trail' }],
  ['Audit  Trail of billing to 10:00', { app: 'billing', database: 'Audit Trail' }],
])('among several apps, "restore %s" fills in only what follows from it', (rest, meant) => {
  expect(readRestore(rest, estate)).toEqual({ ...meant, timeText: '10:00' });
});

test.each([
  ['shop Invoices to 10:00', 'shop has no database “Invoices”. Databases of shop: Orders, Stock.'],
  ['Orders and Stock to 10:00', 'You named Orders and Stock. Restore one at a time.'],
  ['shop billing db to 10:00', 'You named shop and billing. Restore one at a time.'],
])('"restore %s" contradicts itself', (rest, problem) => {
  expect(readRestore(rest, estate)).toEqual({ timeText: '10:00', problem });
});

test('whatever is typed, only databases that exist are meant', () => {
  const words = fc.constantFrom(
    ...'db of shop Orders Stock billing Audit Trail to at 10:00 in yesterday x the'.split(' '),
  );
  const texts = fc.oneof(
    fc.array(words, { maxLength: 8 }).map((all) => all.join(' ')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { app, database, problem, leftover } = readRestore(text, estate);
      const owner = estate.apps.find(({ name }) => name === app);
      if (app !== undefined) expect(owner).toBeDefined();
      if (owner && database !== undefined) expect(owner.databases).toContain(database);
      if (leftover !== undefined) expect(problem).toBeDefined();
      if (problem !== undefined) expect([app, database]).toEqual([undefined, undefined]);
    }),
    { numRuns: 300 },
  );
});

test.each([
  'db to before the deletion',
  'db to just before the deletion',
  'the db to before it was deleted',
  'db right before Anna’s deletion',
  'db to before the accident please',
  'AppRequestPortal back to before that happened',
])('“%s” names no time: the form offers the moments that the logs tell', (words) => {
  expect(readRestore(words, demo)).toEqual(portal);
});

test.each(['db to before 10:00', 'db to the day before yesterday'])('“%s” still names a time', (words) => {
  expect(readRestore(words, demo).timeText).toMatch(/before/);
});
