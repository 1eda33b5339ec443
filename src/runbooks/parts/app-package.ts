import { fileIn } from '../../azure/packages/file-in';
import type { Package } from '../../azure/packages/packages';
import { compareVersions } from '../../azure/packages/versions';
import type { WebSettings } from '../../azure/web/settings';
import type { ProtectedApp } from '../../engine/estate';

/** Which package a version means that somebody typed or chose: `1.33.0`, or `preview/1.36.0`. */
export function packageMeant(packages: readonly Package[], wanted: string): Package | undefined {
  const exact = packages.find((one) => nameOf(one) === wanted.toLowerCase());
  return exact ?? packages.find(({ version }) => version === wanted);
}

/** Whether somebody who typed or chose a version meant this one. */
export const isMeant = (one: Pick<Package, 'channel' | 'version'>, wanted: string): boolean =>
  nameOf(one) === wanted.toLowerCase() || one.version === wanted;

/** How a package is chosen on the form: channel and version. */
export const nameOf = ({ channel, version }: Pick<Package, 'channel' | 'version'>): string =>
  `${channel}/${version}`.toLowerCase();

/** The version in a package's address, where it is one of the app's own package host; else its file's name. */
export function versionAt({ packages }: ProtectedApp, address: string): string {
  const file = fileIn(address);
  const { name } = packages;
  const isOurs = file.startsWith(`${name}-`) && file.endsWith('.zip');
  return isOurs ? file.slice(name.length + 1, -4) : file;
}

/** Why the app's package cannot be changed by its address; null when it can. */
export function whyNotSettable({ title, webApp }: ProtectedApp, settings: WebSettings | null) {
  if (!settings) return { code: 'AppNotFound', words: `Azure has no app "${webApp.app}".` };
  const { package: address, packageIsKeyed } = settings;
  if (address === null)
    return {
      code: 'NoPackageSetting',
      words: `${title} has no setting WEBSITE_RUN_FROM_PACKAGE, so it was not deployed from the package host. Deploy the earlier version the way it was deployed.`,
    };
  if (!/^https?:\/\//i.test(address))
    return {
      code: 'LocalPackage',
      words: `${title} runs ${address === '1' ? 'a local archive (WEBSITE_RUN_FROM_PACKAGE is 1)' : 'a package that is no address'}, and Azure cannot lead such an app to a package at an address. Deploy the earlier version the way it was deployed.`,
    };
  if (packageIsKeyed)
    return {
      code: 'KeyedPackage',
      words: `The address of ${title}'s package carries a key, which must not be written down in a plan. Set WEBSITE_RUN_FROM_PACKAGE by hand, in the Azure portal.`,
    };
  return null;
}

/** The versions nearest to one that is not there, below and above, for people to choose from. */
export function nearestVersions(packages: readonly Package[], wanted: string): readonly string[] {
  const versions = packages.map(({ version }) => version);
  const below = versions.filter((one) => compareVersions(one, wanted) < 0).slice(0, 2);
  const above = versions.filter((one) => compareVersions(one, wanted) > 0).slice(-1);
  return [...above, ...below];
}

/** The newest release before the one that runs, out of the channel that it is from where that is known. */
export function previousPackage(packages: readonly Package[], running: string): Package | undefined {
  const channel = packages.find(({ version }) => version === running)?.channel ?? packages.at(-1)?.channel;
  return packages.find((one) => one.channel === channel && compareVersions(one.version, running) < 0);
}
