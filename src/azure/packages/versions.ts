/** A release's version: `1.33.0`, `1.36.0-preview.2`. */
export const VERSION = /^\d+(?:\.\d+){1,3}(?:[-+][0-9A-Za-z.-]+)?$/;

/** Orders versions from the oldest to the newest; a pre-release comes before its release (semver.org, 11). */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)];
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index++) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.rest === b.rest) return 0;
  if (a.rest === '' || b.rest === '') return a.rest === '' ? 1 : -1;
  return a.rest.localeCompare(b.rest, 'en', { numeric: true });
}

function parts(version: string): { readonly numbers: readonly number[]; readonly rest: string } {
  const [numbers = '', ...rest] = version.split(/(?=[-+])/);
  return { numbers: numbers.split('.').map(Number), rest: rest.join('') };
}
