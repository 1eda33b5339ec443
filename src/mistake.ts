import type { z } from 'zod/v4';

/** Names that hold secrets: their values are never repeated, not even when they are wrong. */
const SECRET = /password|secret|database_url/i;

/** What is wrong with a value, where, and which value it is. */
export function mistakeIn(where: string, issue: z.core.$ZodIssue, given: unknown): string {
  const path = issue.path.map(String);
  const value = path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([name]) => name === key)?.[1]
        : undefined,
    given,
  );
  const shown =
    value === undefined || typeof value === 'object' || SECRET.test(path.join('.'))
      ? ''
      : ` (it is ${JSON.stringify(value)})`;
  return `${where}: ${path.join('.') || 'the whole'}${shown}: ${issue.message}`;
}
