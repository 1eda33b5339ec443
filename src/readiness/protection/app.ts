import type { Lock } from '../../azure/azure';
import type { Template, Unread } from '../../azure/deployments/template';
import { fileIn } from '../../azure/packages/file-in';
import type { PackagesFound } from '../../azure/packages/packages';
import type { WebSettings } from '../../azure/web/settings';
import type { ProtectedApp } from '../../engine/estate';
import type { Known } from '../known';
import { type Protection, protection } from './finding';

/** Locks on what would have to be changed: they protect from deletion, and may stop a recovery. */
export const locksHeld = (locks: Known<readonly Lock[] | null>): Protection =>
  protection({ what: 'Locks', assumed: 'nothing is said of them' }, locks, (held) => {
    const named = [
      ...new Set(held.map(({ name, level, scope }) => `${name} (${level}) on ${scope.split('/').at(-1)}`)),
    ];
    const readOnly = held.some(({ level }) => level === 'ReadOnly');
    return {
      found: named.length === 0 ? 'none' : named.join(', '),
      verdict: readOnly ? 'weaker' : 'kept',
      words: readOnly
        ? 'A ReadOnly lock refuses every recovery, restarts included: its owner must be at hand.'
        : named.length === 0
          ? 'Nothing stops a deletion but people’s rights.'
          : 'They stop deletions and no recovery.',
    };
  });

/** Whether the template that the app is deployed from in another region can be read. */
export const templateThere = (
  template: Known<Template | Unread | null>,
  { template: named }: ProtectedApp,
): Protection => {
  const head = { what: 'ARM template', assumed: 'in the GitHub repository' };
  if (!named)
    return {
      ...{ ...head, found: 'none in the estate file', verdict: 'weaker' },
      words: 'The bot cannot bring the app up in another region: name the template.',
    };
  const from = 'uri' in named.from ? named.from.uri : named.from.file;
  if ('value' in template && template.value && 'unread' in template.value)
    return {
      ...{ ...head, found: template.value.unread, verdict: 'weaker' },
      words: 'While it cannot be read, Azure could not deploy the app anew in another region either.',
    };
  return protection(head, template, () => ({
    found: `${from} can be read`,
    verdict: 'kept',
    words: 'The app can be deployed from it in another region.',
  }));
};

/** Where the app's package is from, and whether it and earlier ones are still there. */
export const packageSource = (
  source: Known<{ readonly settings: WebSettings | null; readonly found: PackagesFound } | null>,
  { packages }: ProtectedApp,
): Protection =>
  protection(
    { what: 'App package', assumed: 'versioned releases on the package host' },
    source,
    ({ settings, found }) => {
      const address = settings?.package ?? null;
      if (address === null || !/^https?:/i.test(address))
        return {
          found: address === null ? 'not set by an address' : 'a local archive',
          verdict: 'weaker',
          words: 'A rollback by address is not possible: the version must be deployed as it was.',
        };
      const there = found.packages.some(({ url }) => url === address);
      const others = found.packages.length - (there ? 1 : 0);
      const unread = found.unread.length > 0;
      const host = new URL(packages.url).host;
      const is = there
        ? `is on ${host}`
        : unread
          ? `may be on ${host}, which did not tell all`
          : `was not found on ${host}`;
      const more = unread
        ? `at least ${others} other versions; the rest could not be read`
        : `${others} other versions`;
      return {
        found: `${fileIn(address)} ${is}, and ${more}`,
        verdict: there && others > 0 ? 'kept' : unread ? 'unknown' : 'weaker',
        words: there
          ? '“@dr rollback app” leads back to one of the others.'
          : 'If App Service has to fetch it again, the app does not start.',
      };
    },
  );
