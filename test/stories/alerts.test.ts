import { startWorld, type World } from '../support/world';

const secret = 'a-secret-for-alerts-of-this-test';
let world: World;
beforeAll(async () => {
  world = await startWorld({ environment: { ALERT_SECRET: secret } });
});
afterAll(() => world.close());

const target =
  '/subscriptions/00000000-0000-0000-0000-00000000d0c5/resourceGroups/apprequest-prod/providers/Microsoft.Sql/servers/sql-apprequest-prod-demo01/databases/AppRequestPortal';

/** An alert as Azure Monitor delivers it with the common alert schema. */
const alertOf = (more: Record<string, unknown> = {}) => ({
  schemaId: 'azureMonitorCommonAlertSchema',
  data: {
    essentials: {
      ...{
        alertId: `/subscriptions/x/alerts/${Math.random()}`,
        alertRule: 'SQL DTU over 90 %',
        severity: 'Sev1',
      },
      ...{ signalType: 'Metric', monitorCondition: 'Fired', alertTargetIDs: [target] },
      ...{ firedDateTime: '2026-02-14T10:00:00Z', description: 'The database is at its limit.' },
      ...more,
    },
    alertContext: {},
  },
});

const post = (body: unknown, given: string | null, headers: Record<string, string> = {}) =>
  fetch(`${world.bot.url}/api/alerts${given === null ? '' : `?secret=${encodeURIComponent(given)}`}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const cards = (): readonly string[] =>
  world.teams
    .threads()
    .flatMap((thread) => world.teams.thread(thread))
    .filter(({ from, card }) => from.kind === 'bot' && card !== undefined)
    .map((message) => world.teams.words('Alex Wilber', message));

test('an alert is told to the channel of its app once, with triage a button away, and once more when it is over', async () => {
  const alert = alertOf();
  for (let times = 0; times < 3; times++) expect((await post(alert, secret)).status).toBe(202);
  await world.teams.waitFor(() => cards().some((card) => card.includes('Alert: SQL DTU over 90 %')));
  const told = cards().filter((card) => card.includes('SQL DTU'));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /App Store for Intune: AppRequestPortal\. Severity Sev1\. Fired 2026-02-14T10:00:00Z/,
  );
  expect(told[0]).toContain('Find out what is wrong');
  const { alertId } = alert.data.essentials;
  const over = alertOf({ alertId, monitorCondition: 'Resolved', resolvedDateTime: '2026-02-14T10:20:00Z' });
  expect((await post(over, null, { authorization: `Bearer ${secret}` })).status).toBe(202);
  await world.teams.waitFor(() => cards().some((card) => card.includes('Alert is over: SQL DTU over 90 %')));
});

test.each([
  ['without a secret', () => post(alertOf(), null), 401],
  ['with a wrong secret', () => post(alertOf(), 'wrong'), 401],
  [
    'through a proxy, where only this machine is taken',
    () => post(alertOf(), secret, { 'x-forwarded-for': '203.0.113.7' }),
    403,
  ],
  ['of another schema', () => post({ status: 'Activated' }, secret), 400],
  ['that is no JSON', () => post('{', secret), 400],
  ['of a size that no alert has', () => post('x'.repeat(300_000), secret), 413],
  [
    'about a resource that the estate does not know',
    () => post(alertOf({ alertTargetIDs: ['/subscriptions/x/y'] }), secret),
    404,
  ],
])('an alert %s is refused in words, and nothing is told', async (_what, send, status) => {
  const before = cards().length;
  const answer = await send();
  expect(answer.status).toBe(status);
  expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(/^[A-Z].{10,}\.$/);
  expect(cards()).toHaveLength(before);
});
