/** Somebody by one account, with what further accounts were known to be theirs at that moment. */
export interface Human {
  readonly id: string;
  /** Absent where no other account was known. */
  readonly accounts?: readonly string[];
}

/** Every account of somebody that is known, in small letters. */
const accountsOf = ({ id, accounts = [] }: Human): readonly string[] => [
  ...new Set([id, ...accounts].map((account) => account.toLowerCase())),
];

/** Whether two accounts are one human's, by all that was known of either: one account in common is enough. */
export function isSame(one: Human, other: Human): boolean {
  const accounts = accountsOf(other);
  return accountsOf(one).some((account) => accounts.includes(account));
}
