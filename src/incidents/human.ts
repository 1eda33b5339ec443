/** Somebody by one account, with what further accounts were known to be theirs at that moment. */
export interface Human {
  readonly id: string;
  /** Absent where no other account was known. */
  readonly accounts?: readonly string[];
}

/** Every account of somebody that is known, in small letters. */
export const accountsOf = ({ id, accounts = [] }: Human): readonly string[] => [
  ...new Set([id, ...accounts].map((account) => account.toLowerCase())),
];

/** Whether two accounts are one human's, by all that was known of either: one account in common is enough. */
export function isSame(one: Human, other: Human): boolean {
  const accounts = accountsOf(other);
  return accountsOf(one).some((account) => accounts.includes(account));
}

/** A human with the name that people know them by. */
export interface Named extends Human {
  readonly name: string;
}

/** Who somebody is, and nothing else that is known of them. */
export const named = ({ id, name, accounts }: Named): Named => ({
  ...{ id, name },
  ...(accounts === undefined ? {} : { accounts }),
});
