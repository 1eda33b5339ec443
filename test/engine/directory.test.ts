import { setTimeout as pause } from 'node:timers/promises';
import type { DirectoryPerson, DirectoryReadings } from '../../src/azure/graph/directory';
import { createDirectory } from '../../src/engine/directory';
import { isSame } from '../../src/incidents/human';
import { minutesIn } from '../support/story';

const human = (
  id: string,
  name: string,
  mail: string | null = `${name.toLowerCase()}@x`,
): DirectoryPerson => ({
  ...{ id, name, mail },
});
const [alex, alexAsGuest, megan, adele] = [
  human('a', 'Alex', 'alex@x'),
  human('a-guest', 'Alex (guest)', 'alex@x'),
  human('m', 'Megan'),
  human('d', 'Adele', null),
];
const all = [alex, alexAsGuest, megan, adele];

/** An Entra with these groups; `asked` tells what it was asked. */
function entraWith(groups: { readonly [group: string]: readonly DirectoryPerson[] }) {
  const asked: string[] = [];
  const entra: DirectoryReadings = {
    user: async (id) => all.find((one) => one.id === id) ?? null,
    membersOf: async (group) => {
      asked.push(group);
      return groups[group] ?? [];
    },
  };
  return { entra, asked };
}

const estate = {
  people: [
    { id: 'a', name: 'Alex Wilber', roles: ['responder'], accounts: ['a-admin'] },
    { id: 'i', name: 'Isaiah', roles: ['viewer'] },
  ],
  groups: [{ id: 'approvers', role: 'approver' }],
};
const at = (minutes: number) => () => minutesIn(minutes);

test('a member of a group has its role, beside those of the estate file', async () => {
  const { entra } = entraWith({ approvers: [megan, alex] });
  const directory = createDirectory(estate, entra, at(0));
  expect(await directory.person('m', 'Megan')).toEqual({ id: 'm', name: 'Megan', roles: ['approver'] });
  expect((await directory.person('a', 'Alex')).roles).toEqual(['responder', 'approver']);
  expect((await directory.person('stranger', 'S')).roles).toEqual([]);
});

test('further accounts of one human are that human: named in the file, or with the same mail in Entra', async () => {
  const { entra } = entraWith({ approvers: [alexAsGuest] });
  const directory = createDirectory(estate, entra, at(0));
  for (const account of ['a', 'A', 'a-admin', 'a-guest'])
    expect(await directory.person(account, 'whoever')).toMatchObject({
      id: 'a',
      roles: ['responder', 'approver'],
    });
});

test('two accounts with one mail and none in the file are one human as well', async () => {
  const twin = human('b-twin', 'Megan again', 'megan@x');
  const { entra } = entraWith({ approvers: [megan, twin] });
  const directory = createDirectory(estate, entra, at(0));
  const ids = [(await directory.person('m', '')).id, (await directory.person('b-twin', '')).id];
  expect(new Set(ids).size).toBe(1);
});

test('what Entra said holds for a minute, and several who ask at once ask it once', async () => {
  let minute = 0;
  const groups = { approvers: [megan] };
  const { entra, asked } = entraWith(groups);
  const directory = createDirectory(estate, entra, () => minutesIn(minute));
  await Promise.all([directory.person('m', ''), directory.person('a', ''), directory.person('i', '')]);
  expect(asked).toEqual(['approvers']);
  groups.approvers = [];
  expect((await directory.person('m', '')).roles).toEqual(['approver']);
  minute = 2;
  expect((await directory.person('m', '')).roles).toEqual([]);
});

test('when Entra cannot be asked or does not answer in time, its roles are not had, and the person is told why', async () => {
  const broken: DirectoryReadings = {
    user: async () => null,
    membersOf: () => Promise.reject(new Error('503')),
  };
  const silent: DirectoryReadings = { user: async () => null, membersOf: () => new Promise(() => undefined) };
  for (const entra of [broken, silent]) {
    const directory = createDirectory(estate, entra, at(0), { patienceMs: 20 });
    expect(await directory.person('m', 'Megan')).toMatchObject({
      roles: [],
      unsure: expect.stringMatching(/cannot be asked/),
    });
    expect(await directory.person('a', 'Alex')).toMatchObject({ id: 'a', roles: ['responder'] });
  }
});

test('an estate without groups asks nobody', async () => {
  const { entra, asked } = entraWith({});
  const directory = createDirectory({ ...estate, groups: [] }, entra, at(0));
  expect(await directory.person('a-admin', '')).toEqual({
    ...{ id: 'a', name: 'Alex Wilber', roles: ['responder'], accounts: ['a-admin'] },
  });
  expect(asked).toEqual([]);
});

test('a human stays the same when another account of theirs joins a group and gives the id from then on', async () => {
  let minute = 0;
  const groups: { approvers: readonly DirectoryPerson[] } = { approvers: [megan] };
  const { entra } = entraWith(groups);
  const directory = createDirectory(estate, entra, () => minutesIn(minute));
  const before = await directory.person('m', 'Megan');
  groups.approvers = [megan, human('b-guest', 'Megan (guest)', 'megan@x')];
  minute = 2;
  const after = await directory.person('m', 'Megan');
  expect(after).toMatchObject({ id: 'b-guest', roles: ['approver'], accounts: ['m'] });
  expect(isSame(before, after)).toBe(true);
  // Also when the first account leaves the group at the same time.
  groups.approvers = [human('b-guest', 'Megan (guest)', 'megan@x')];
  minute = 4;
  expect(isSame(before, await directory.person('b-guest', 'Megan'))).toBe(true);
});

test('while Entra cannot be asked, accounts are whose they were last known to be, and only the roles of the file are had', async () => {
  let minute = 0;
  const { entra } = entraWith({ approvers: [megan, alexAsGuest] });
  let down = false;
  const directory = createDirectory(
    estate,
    { ...entra, membersOf: (group) => (down ? Promise.reject(new Error('503')) : entra.membersOf(group)) },
    () => minutesIn(minute),
  );
  await directory.person('m', 'Megan');
  [down, minute] = [true, 2];
  expect(await directory.person('a-guest', 'Alex')).toEqual({
    ...{ id: 'a', name: 'Alex Wilber', roles: ['responder'], accounts: ['a-admin', 'a-guest'] },
    unsure: expect.any(String),
  });
});

test('everybody with a role is known once the groups were read, each human once', async () => {
  const { entra } = entraWith({ approvers: [megan, alexAsGuest] });
  const directory = createDirectory(estate, entra, at(0));
  expect(directory.people().map(({ id }) => id)).toEqual(['a', 'i']);
  await directory.person('m', '');
  expect(directory.people().map(({ id, roles }) => [id, roles])).toEqual([
    ['a', ['responder', 'approver']],
    ['i', ['viewer']],
    ['m', ['approver']],
  ]);
  await pause(0);
});
