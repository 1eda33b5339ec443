import type { Azure } from '../../src/azure/azure';
import { filesIn } from '../../src/azure/packages/directory-index';
import { compareVersions } from '../../src/azure/packages/versions';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';

const host = {
  url: 'https://bi.powerstacks.com/appstoreforintune/bin',
  name: 'AppRequestPortal',
  channels: ['latest', 'preview'],
};

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator();
  azure = azureAgainst(simulator, { deadlineMs: 1_500 });
});
afterAll(() => simulator.close());
afterEach(() => simulator.clearFaults());

const found = async (...asked: string[]) => {
  const { packages, ...rest } = await azure.packages.versions(host, asked);
  return { versions: packages.map(({ version, channel }) => `${channel}/${version}`), packages, ...rest };
};

test('the host’s versions are read from its indexes, each confirmed, newest first; a withdrawn one is not among them', async () => {
  const { versions, packages, unread } = await found();
  expect(versions).toEqual([
    'preview/1.36.0',
    'latest/1.35.0',
    'latest/1.34.1',
    'latest/1.34.0',
    'latest/1.33.0',
    'latest/1.32.0',
    'latest/1.31.2',
  ]);
  expect(unread).toEqual([]);
  expect(packages.find(({ version }) => version === '1.33.0')).toEqual({
    ...{ version: '1.33.0', channel: 'latest', schema: 42, bytes: expect.any(Number) },
    url: `${host.url}/latest/AppRequestPortal-1.33.0.zip`,
    published: new Date('2026-03-16T08:30:00Z'),
  });
  const confirmed = simulator.journal().filter(({ method }) => method === 'HEAD');
  expect(confirmed).toHaveLength(8);
});

test('no token of ours is sent to the package host', async () => {
  await found();
  const signIns = simulator.journal().filter(({ url }) => url.includes('login.microsoftonline.com'));
  expect(signIns).toEqual([]);
});

test('a host without an index gives what was asked for by name, and says that there may be more', async () => {
  simulator.addFault({ method: 'GET', path: '/bin/latest/', status: 403, times: 9 });
  simulator.addFault({ method: 'GET', path: '/bin/preview/', status: 404, times: 9 });
  const { versions, unread } = await found('1.34.0', '1.33.0', '9.9.9', '../../secrets');
  expect(versions).toEqual(['latest/1.34.0', 'latest/1.33.0']);
  expect(unread).toEqual([
    expect.stringMatching(/latest\/ could not be read .* may be more/),
    expect.stringMatching(/preview\/ shows no list of its packages/),
  ]);
});

test('a version whose file cannot be asked for is not offered, and said so', async () => {
  simulator.addFault({ method: 'HEAD', path: 'AppRequestPortal-1.33.0.zip', status: 403, times: 9 });
  const { versions, unread, unconfirmed } = await found();
  expect(versions).not.toContain('latest/1.33.0');
  expect(versions).toContain('latest/1.34.0');
  expect(unread).toEqual([expect.stringMatching(/^1\.33\.0 \(latest\) is not offered/)]);
  expect(unconfirmed).toEqual([
    {
      version: '1.33.0',
      channel: 'latest',
      problem: expect.objectContaining({ details: expect.objectContaining({ status: 403 }) }),
    },
  ]);
});

test('a host that does not answer costs a deadline and is no failure', async () => {
  simulator.addFault({ path: 'bi.powerstacks.com', delayMs: 20_000, times: 99 });
  const begun = performance.now();
  const { versions, unread } = await found('1.33.0');
  expect(performance.now() - begun).toBeLessThan(6_000);
  expect(versions).toEqual([]);
  expect(unread.join()).toMatch(/Timeout/);
});

test('versions are ordered as people count them', () => {
  const shuffled = ['1.10.0', '1.9.0', '1.36.0', '1.36.0-preview.10', '1.36.0-preview.2', '1.9', '2.0.0.1'];
  expect(shuffled.sort(compareVersions)).toEqual([
    ...['1.9.0', '1.9', '1.10.0', '1.36.0-preview.2', '1.36.0-preview.10', '1.36.0', '2.0.0.1'],
  ]);
});

test.each([
  [
    'nginx',
    '<pre><a href="../">../</a>\n<a href="A-1.0.zip">A-1.0.zip</a>  01-Jan-2026 10:00  5M',
    ['A-1.0.zip'],
  ],
  [
    'Apache',
    '<tr><td><a href="?C=N;O=D">Name</a></td><td><a href="A-1.0.zip">A-1.0.zip</a></td></tr>',
    ['A-1.0.zip'],
  ],
  [
    'IIS',
    '<A HREF="/bin/latest/A-1.0.zip">A-1.0.zip</A><br><A HREF="/bin/">[To Parent Directory]</A>',
    ['A-1.0.zip'],
  ],
  ['without quotes', '<a class=x href=A-1.0.zip>A</a>', ['A-1.0.zip']],
  [
    'leading elsewhere',
    '<a href="https://evil.example/A-9.zip">x</a><a href="//evil.example/bin/latest/A-9.zip">x</a>',
    [],
  ],
  ['broken', '<a href="http://[">x</a><a href="%E0%A4%A">x</a><a>none</a>', []],
  [
    'with encoded names and repeats',
    '<a href="A%2D1.0.zip">x</a><a href="A-1.0.zip#top">x</a>',
    ['A-1.0.zip'],
  ],
])('the files of an index are read: %s', (_words, html, files) => {
  expect(filesIn(html, 'https://host.example/bin/latest/')).toEqual(files);
});
