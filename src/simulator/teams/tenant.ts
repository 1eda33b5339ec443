/** Someone in the tenant, with the ids that Teams puts into an activity's `from`. */
export type Person = {
  readonly id: string;
  readonly aadObjectId: string;
  readonly name: string;
  readonly givenName: string;
  readonly surname: string;
  readonly email: string;
};

/** A channel of the team. The General channel has the id of its team, as in Teams. */
export type Channel = { readonly id: string; readonly name: string };

/** Everybody and every place that the bot can meet. */
export type Tenant = {
  readonly tenantId: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly people: readonly Person[];
  readonly team: {
    readonly id: string;
    readonly name: string;
    readonly aadGroupId: string;
    readonly channels: readonly Channel[];
  };
};

function person(number: number, givenName: string, surname: string, mailbox: string): Person {
  return {
    id: `user-id-${number}`,
    aadObjectId: `00000000-0000-0000-0000-000000000002${number}`,
    name: `${givenName} ${surname}`,
    givenName,
    surname,
    email: `${mailbox}@example.com`,
  };
}

/** The people, team and ids that the Microsoft 365 Agents Playground has by default (version 0.2.28), with a bot named `dr`. */
export const playgroundTenant: Tenant = {
  tenantId: '00000000-0000-0000-0000-0000000000001',
  bot: { id: '00000000-0000-0000-0000-00000000000011', name: 'dr' },
  people: [
    person(0, 'Alex', 'Wilber', 'alexw'),
    person(1, 'Megan', 'Bowen', 'meganb'),
    person(2, 'Adele', 'Vance', 'adelev'),
    person(3, 'Isaiah', 'Langer', 'isaiahl'),
    person(4, 'Patti', 'Fernandez', 'pattif'),
    person(5, 'Lynne', 'Robbins', 'lynner'),
  ],
  team: {
    id: 'team-id',
    name: 'My Team',
    aadGroupId: '00000000-0000-0000-0000-000000000031',
    channels: [
      { id: 'team-id', name: 'General' },
      { id: 'channel-announcements-id', name: 'Announcements' },
    ],
  },
};

/** A person, or anything that names one: id, aadObjectId, full name, or first name in any case. */
export type PersonRef = Person | string;

/** The person meant by `ref`; throws, naming the people there are, when it is nobody. */
export function findPerson(tenant: Tenant, ref: PersonRef): Person {
  if (typeof ref !== 'string') return ref;
  const found = personWithId(tenant, ref) ?? tenant.people.find((one) => answersTo(one, ref));
  if (found !== undefined) return found;
  throw new Error(
    `Nobody in the tenant is called "${ref}". There are: ${tenant.people.map((p) => p.name).join(', ')}.`,
  );
}

function answersTo(one: Person, name: string): boolean {
  const wanted = name.toLowerCase();
  return one.name.toLowerCase() === wanted || one.givenName.toLowerCase() === wanted;
}

/** The person whose member id (MRI) or Entra object id this is. */
export function personWithId(tenant: Tenant, id: string): Person | undefined {
  return tenant.people.find((one) => one.id === id || one.aadObjectId === id);
}

/** The id of the 1:1 chat between the bot and this person. */
export function personalChatId(one: Person): string {
  return `a:1${one.id}`;
}

/** The person whose 1:1 chat with the bot has this id. */
export function ownerOfChat(tenant: Tenant, conversation: string): Person | undefined {
  return tenant.people.find((one) => personalChatId(one) === conversation);
}

/** The id of the thread that starts with message `root` in a channel, in Teams' form `<channel>;messageid=<root>`. */
export function threadId(channel: string, root: string): string {
  return `${channel};messageid=${root}`;
}

/** A conversation id taken apart: the channel or chat, and the root message when it is a thread. */
export function partsOf(conversation: string): { readonly top: string; readonly root?: string } {
  const [top = '', root] = conversation.split(';messageid=');
  return root === undefined ? { top } : { top, root };
}

/** The channel with this id, a thread's id counting as its channel's. */
export function channelOf(tenant: Tenant, conversation: string): Channel | undefined {
  const { top } = partsOf(conversation);
  return tenant.team.channels.find((channel) => channel.id === top);
}
