/** Every `of`-th of a list, beginning with the `nth`: so that several test files share the work between workers. */
export const partOf = <T>(list: readonly T[], nth: number, of: number): readonly T[] =>
  list.filter((_one, index) => index % of === nth);
