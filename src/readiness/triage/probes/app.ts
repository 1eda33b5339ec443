import type { WebApp } from '../../../azure/azure';
import { AzureProblem } from '../../../azure/operation';
import type { AppReport } from '../../../azure/web/health';
import { previousPackage, versionAt } from '../../../runbooks/parts/app-package';
import type { AppFinding } from '../finding';
import type { Probing } from './probe';
import { at, lastSeen, within } from './within';

/** How long looking for versions may take: they only prefill a form, in milliseconds. */
const VERSIONS_MS = 5_000;

/** What the app says of itself, what App Service says of it, and which version was before its own. */
export async function probeApp({ app, azure, now, partMs }: Probing): Promise<AppFinding> {
  const unknownVersions = { running: null, before: null };
  const [report, site, versions] = await Promise.all([
    within(
      partMs,
      lastSeen(() => azure.web.report(app.healthUrl), isSettled, partMs),
      () => noReport(partMs),
    ),
    within(partMs, siteOf(azure.webApp(app.webApp)), () => 'not known' as const),
    within(Math.min(VERSIONS_MS, partMs), versionsOf({ app, azure }), () => unknownVersions),
  ]);
  const version = report.version ?? versions.running;
  const { state, words } = seenOf(report, site);
  return { state, words, fails: report.fails ?? [], version, before: versions.before, at: at(now) };
}

/** Green, or an answer of its own: an app that names what fails has looked for itself. */
const isSettled = ({ green, fails }: AppReport): boolean => green || (fails?.length ?? 0) > 0;

const noReport = (ms: number): AppReport => ({
  ...{ green: false, status: null, version: null, schema: null, fails: null },
  words: `no answer within ${ms / 1000} s`,
});

/** App Service's own word: the app, that there is none, or that it did not say. */
type Site = WebApp | 'none' | 'not known';

async function siteOf(reading: Promise<WebApp | null>): Promise<Site> {
  try {
    return (await reading) ?? 'none';
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return 'not known';
  }
}

function seenOf(report: AppReport, site: Site): Pick<AppFinding, 'state' | 'words'> {
  const said = `Its health endpoint: ${report.words}.`.replace(/\.\.$/, '.');
  if (report.green) return { state: 'green', words: said };
  if (site === 'none') return { state: 'missing', words: `App Service has no such app. ${said}` };
  if (site !== 'not known' && /stopped/i.test(site.state))
    return { state: 'stopped', words: `App Service says that it is ${site.state}. ${said}` };
  const word = site === 'not known' ? said : `${said} App Service says ${site.state}.`;
  if (report.status === 401 || report.status === 403)
    return { state: 'refused', words: `${word} It turns the bot away, so how it is, is not known.` };
  if (report.status === null) return { state: 'silent', words: word };
  return { state: report.fails === null ? 'failing' : 'unhealthy', words: word };
}

interface Versions {
  readonly running: string | null;
  readonly before: string | null;
}

/** The version that the app is set to run, and the one that its rollback would propose. */
async function versionsOf({ app, azure }: Pick<Probing, 'app' | 'azure'>): Promise<Versions> {
  try {
    const settings = await azure.web.settings(app.webApp);
    const running = versionAt(app, settings?.package ?? '');
    const { packages } = await azure.packages.versions(app.packages, [running]);
    return { running, before: previousPackage(packages, running)?.version ?? null };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return { running: null, before: null };
  }
}
