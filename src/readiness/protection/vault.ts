import { toTheSecond } from '../../azure/to-the-second';
import type { SecretInfo, Vault } from '../../azure/vault/readings';
import type { ProtectedApp } from '../../engine/estate';
import type { Known } from '../known';
import { type Protection, protection } from './finding';

const DAY = 86_400_000;
const SOON_DAYS = 30;

/** For how long a deleted secret, or the vault itself, can be recovered. */
export const softDelete = (vault: Known<Vault | null>): Protection =>
  protection({ what: 'Vault: soft delete', assumed: 'enabled, 7 days' }, vault, ({ softDeleteDays }) => ({
    found: softDeleteDays === null ? 'unknown' : `${softDeleteDays} days`,
    verdict: softDeleteDays === null ? 'unknown' : softDeleteDays >= 7 ? 'kept' : 'weaker',
    words: 'What is deleted can be recovered for that long, and must be made anew after it.',
  }));

/** Whether somebody could make a deletion final. */
export const purgeProtection = (vault: Known<Vault | null>): Protection =>
  protection({ what: 'Vault: purge protection', assumed: 'optional' }, vault, ({ purgeProtection: on }) => ({
    found: on ? 'on' : 'off',
    verdict: 'kept',
    words: on
      ? 'Nobody can make a deletion final before its time.'
      : 'Whoever may purge can make a deletion final at once. Switching it on cannot be taken back.',
  }));

/** Whether every secret of the app is there, and for how long. */
export function secretsThere(
  secrets: Known<readonly SecretInfo[] | null>,
  { secrets: wanted }: ProtectedApp,
  now: Date,
): Protection {
  return protection(
    { what: 'Vault: secrets', assumed: wanted.map(({ name }) => name).join(', ') },
    secrets,
    (held) => {
      const found = wanted.map(
        ({ name }) => held.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? name,
      );
      const missing = found.filter((one) => typeof one === 'string');
      const there = found.filter((one) => typeof one !== 'string');
      const off = there.filter(({ enabled }) => !enabled).map(({ name }) => `${name} is disabled`);
      const soon = there.flatMap(({ name, expiresOn }) =>
        expiresOn && expiresOn.getTime() < now.getTime() + SOON_DAYS * DAY
          ? [`${name} expires ${toTheSecond(expiresOn)}`]
          : [],
      );
      const bad = [...missing.map((name) => `${name} is missing`), ...off, ...soon];
      const dated = there.filter(({ expiresOn }) => expiresOn !== null).length;
      return {
        found: `${there.length} of ${wanted.length} are there${bad.length > 0 ? `: ${bad.join('; ')}` : `, ${dated} of them with an expiry date`}`,
        verdict: bad.length > 0 ? 'weaker' : 'kept',
        words:
          missing.length > 0 ? '“@dr recover” brings back what was deleted.' : 'Their values are not read.',
      };
    },
  );
}
