/** A user or a guest of the tenant. */
export interface DirectoryUser {
  readonly id: string;
  readonly displayName: string;
  readonly mail: string;
  readonly userType: 'Member' | 'Guest';
}

/** A security group; its members are users and other groups, by id. */
interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
  members: readonly string[];
}

/** Who is in the tenant, by id. */
export interface Directory {
  readonly users: Readonly<Record<string, DirectoryUser>>;
  readonly groups: Readonly<Record<string, DirectoryGroup>>;
}

const person = (last: string) => `00000000-0000-0000-0000-00000000000${last}`;

/** The demo's people, guest accounts of two of them, and groups of which one is inside another. */
export function seedDirectory(): Directory {
  const users: readonly DirectoryUser[] = [
    ...(
      [
        ['20', 'Alex Wilber', 'alex'],
        ['21', 'Megan Bowen', 'megan'],
        ['22', 'Adele Vance', 'adele'],
        ['23', 'Isaiah Langer', 'isaiah'],
      ] as const
    ).map(
      ([last, displayName, mail]): DirectoryUser => ({
        ...{ id: person(last), displayName, mail: `${mail}@contoso.example`, userType: 'Member' },
      }),
    ),
    {
      id: person('11'),
      displayName: 'Megan Bowen (guest)',
      mail: 'Megan@contoso.example',
      userType: 'Guest',
    },
    { id: person('91'), displayName: 'Alex Wilber (guest)', mail: 'Alex@contoso.example', userType: 'Guest' },
  ];
  const groups: readonly DirectoryGroup[] = [
    { id: demoGroups.approvers, displayName: 'DR approvers', members: [person('21'), demoGroups.leads] },
    { id: demoGroups.leads, displayName: 'DR leads', members: [person('22')] },
    { id: demoGroups.responders, displayName: 'DR responders', members: [person('20'), person('91')] },
  ];
  const byId = <One extends { readonly id: string }>(all: readonly One[]) =>
    Object.fromEntries(all.map((one) => [one.id, one]));
  return { users: byId(users), groups: byId(groups) };
}

/** The groups of the demo's tenant. */
export const demoGroups = {
  approvers: '00000000-0000-0000-0000-0000000000e1',
  leads: '00000000-0000-0000-0000-0000000000e2',
  responders: '00000000-0000-0000-0000-0000000000e3',
};
