import { isObject } from './json';
import type { State } from './state';

/** Members of the state that hold a secret: values of secrets and passwords, keys, what clients sign in with. */
const holders = new Set([
  'value',
  'key',
  'keys',
  'key1',
  'key2',
  'secret',
  'password',
  'administratorPassword',
  'signingKey',
]);

/** Shorter ones are no secrets but words, which stand everywhere. */
const SHORTEST = 12;

/** Every secret that the simulated Azure holds: what must be found nowhere else. */
export function secretsIn(state: State): readonly string[] {
  const found = new Set<string>();
  collect([state.tenant, state.vaults, state.storageAccounts, state.applications, state.servers], found);
  return [...found];
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found);
    return;
  }
  if (!isObject(value)) {
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (holders.has(name)) {
      for (const one of Array.isArray(inner) ? inner : [inner]) {
        if (typeof one === 'string' && one.length >= SHORTEST) found.add(one);
      }
    }
    collect(inner, found);
  }
}
