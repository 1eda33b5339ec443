import { SqlManagementClient } from '@azure/arm-sql';
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { DefaultAzureCredential } from '@azure/identity';
import { checkRestorePoint } from '../../src/words/restore-point';
import { readTime } from '../../src/words/when';
import { scenarios } from '../scenarios/restore-database';
import { pointAt } from '../support/azure-against';
import { production, server } from '../support/demo-estate';
import { openTheatre, type Theatre } from '../support/theatre/theatre';

const zone = 'Asia/Tokyo';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
  pointAt(theatre.simulator);
}, 60_000);
beforeEach(() => theatre.simulator.reset('tier2'));
afterAll(() => theatre.close());

const id = (database: string) =>
  `/subscriptions/${server.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/servers/${server.server}/databases/${database}`;

/** The document's `az sql db restore … --time <what somebody typed>`, as the REST call that it becomes. */
async function restoreTo(time: string): Promise<{ readonly status: number; readonly code: string }> {
  const token = await new DefaultAzureCredential().getToken('https://management.azure.com/.default');
  const request = createPipelineRequest({
    ...{ method: 'PUT', allowInsecureConnection: false },
    url: `https://management.azure.com${id(`${production}-Restored`)}?api-version=2022-08-01-preview`,
    headers: createHttpHeaders({
      ...{ authorization: `Bearer ${token.token}`, 'content-type': 'application/json' },
    }),
    body: JSON.stringify({
      location: 'eastus',
      properties: {
        createMode: 'PointInTimeRestore',
        sourceDatabaseId: id(production),
        restorePointInTime: time,
      },
    }),
  });
  const proxied = new SqlManagementClient(new DefaultAzureCredential(), server.subscriptionId).pipeline;
  const { status, bodyAsText } = await proxied.sendRequest(createDefaultHttpClient(), request);
  const code = /"code":"(\w+)"/.exec(bodyAsText ?? '')?.[1] ?? '';
  return { status, code };
}

/** Half an hour ago as clock and calendar on the wall show it there: `2026-02-14 18:12:05`. */
const onTheWall = (): string =>
  new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'medium' },
  }).format(new Date(Date.now() - 30 * 60_000));

/** The same as the document's `--time` has it, with the Z that turns it into another moment. */
const asDocumented = (): string => `${onTheWall().replace(' ', 'T')}Z`;

const window = () => ({
  ...{ now: new Date(), zone, earliest: new Date(Date.now() - 7 * 86_400_000) },
  latest: new Date(Date.now() - 10 * 60_000),
});

test('a local time with the document’s Z is another moment, which Azure refuses; typed to us it means what the clock shows', async () => {
  const [swap] = scenarios;
  if (!swap) throw new Error('There is no scenario of a swap.');
  // In Tokyo, half an hour ago as UTC is eight and a half hours from now.
  expect(await restoreTo(asDocumented())).toEqual({ status: 400, code: 'InvalidPointInTime' });

  const when = readTime(onTheWall(), { now: new Date(), zone, locale: 'en-GB' });
  const meant = checkRestorePoint(when, window());
  if (!meant.ok) throw new Error(meant.problem);
  expect(Math.abs(meant.at.getTime() - (Date.now() - 30 * 60_000))).toBeLessThan(61_000);
  const { state } = await theatre.play({
    ...swap,
    parameters: () => ({ database: production, at: meant.at.toISOString(), how: 'swap', reason: '' }),
  });
  expect(state.finished?.outcome).toBe('completed');
  await swap.recovered(theatre.simulator);
}, 60_000);

test.each([
  ['without a zone', () => asDocumented().replace('Z', '')],
  ['in the future', () => new Date(Date.now() + 3_600_000).toISOString()],
  ['older than the retention', () => new Date(Date.now() - 8 * 86_400_000).toISOString()],
  ['of a date alone', () => new Date().toISOString().slice(0, 10)],
])('a time %s reaches Azure and is refused there', async (_, time) => {
  expect(await restoreTo(time())).toEqual({ status: 400, code: 'InvalidPointInTime' });
});

test.each([
  ['in the future', () => new Date(Date.now() + 3_600_000).toISOString(), /is still to come/],
  ['older than the retention', () => '9 days ago', /is too long ago\. The earliest/],
  ['that could be two', () => '7', /more than one time|Nothing that this can mean/],
])(
  'to us a time %s is refused before anything is sent, with choices that would work',
  async (_, typed, why) => {
    const refused = checkRestorePoint(
      readTime(typed(), { now: new Date(), zone, locale: 'en-GB' }),
      window(),
    );

    if (refused.ok) throw new Error('It was taken.');
    expect(refused.problem).toMatch(why);
    const [first] = refused.choices;
    expect(checkRestorePoint({ kind: 'instant', at: first?.at ?? new Date() }, window()).ok).toBe(true);
    expect(await restoreTo(first?.at.toISOString() ?? '')).toMatchObject({ status: 202 });
  },
);
