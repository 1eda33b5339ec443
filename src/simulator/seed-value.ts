import { createHash } from 'node:crypto';

/** A value that looks like a secret, is the same for the same seed, and opens nothing. */
export function seedValue(seed: string, purpose: string): string {
  return createHash('sha256').update(`${seed}:${purpose}`).digest('base64');
}
