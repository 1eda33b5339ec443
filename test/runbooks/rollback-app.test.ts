import type { CompileContext } from '../../src/engine/runbook';
import type { JsonObject } from '../../src/incidents/json';
import { driftBetween, type Plan } from '../../src/incidents/plan';
import { runbook } from '../../src/runbooks/rollback-app';
import { createFakeAzure, type FakeState, freshState } from '../support/fake-azure';
import { shop } from '../support/protected-app';
import { noon } from '../support/story';

const context = (state: FakeState, more: Partial<CompileContext> = {}): CompileContext => ({
  ...{ app: shop, azure: createFakeAzure({ now: () => noon, state }), now: noon, past: () => null },
  ...{ run: 'inc7-1', begun: new Set<string>(), requestedAt: noon, ...more },
});

const compile = (wanted: JsonObject, state = freshState(), more: Partial<CompileContext> = {}) =>
  runbook.compile(runbook.parameters.parse({ app: 'shop', ...wanted }), context(state, more));

async function planOf(...asked: Parameters<typeof compile>): Promise<Plan> {
  const made = await compile(...asked);
  if ('refused' in made) throw new Error(made.refused.what);
  return made.plan;
}

const running = (value: string | null): FakeState => {
  const { WEBSITE_RUN_FROM_PACKAGE: _, ...others } = freshState().settings;
  return {
    ...freshState(),
    settings: value === null ? others : { ...others, WEBSITE_RUN_FROM_PACKAGE: value },
  };
};

test.each([
  [
    'a version that the host has not, with those nearest to it',
    { version: '1.2.5' },
    freshState(),
    'VersionNotOnHost',
    /no version 1\.2\.5\. Nearest are 1\.3\.0, 1\.2\.1, 1\.2\.0/,
  ],
  ['the version that runs', { version: '1.3.0' }, freshState(), 'SameVersion', /already/],
  [
    'an app that runs a local archive',
    { version: '1.2.0' },
    running('1'),
    'LocalPackage',
    /WEBSITE_RUN_FROM_PACKAGE is 1/,
  ],
  [
    'an app whose package is no address',
    { version: '1.2.0' },
    running('@Microsoft.KeyVault(x)'),
    'LocalPackage',
    /no address/,
  ],
  ['an app without the setting', { version: '1.2.0' }, running(null), 'NoPackageSetting', /no setting/],
  [
    'a version for an earlier schema without the database',
    { version: '1.2.1' },
    freshState(),
    'SchemaMoved',
    /schema 8, and 1\.2\.1 works on 7 .*2026-02-14T11:29:50Z/,
  ],
  [
    'a locked app',
    { version: '1.2.0' },
    { ...freshState(), locks: [{ name: 'frozen', level: 'ReadOnly' as const, scope: '/subscriptions/sub' }] },
    'ScopeLocked',
    /"frozen"/,
  ],
  [
    'a moment that the backups do not hold yet',
    { version: '1.2.1', data: '2026-02-14T11:55:00Z' },
    freshState(),
    'RestorePointTooNew',
    /11:50/,
  ],
])('refused: %s', async (_words, wanted, state, code, words) => {
  expect(await compile(wanted, state)).toMatchObject({
    refused: { code, what: expect.stringMatching(words) },
  });
});

test('what would work instead is offered where the schema has moved', async () => {
  expect(await compile({ version: '1.2.1' })).toMatchObject({
    choices: [{ parameters: { version: '1.2.1', data: '2026-02-14T11:29:50Z' } }],
  });
});

test('the package is set, proven and restarted, and can be put back to exactly what it was', async () => {
  const plan = await planOf({ version: '1.2.0' });
  expect(plan.stages.map(({ name }) => name)).toEqual([
    ...['begin', 'set-package', 'settings', 'restart', 'version', 'healthy', 'commit'],
  ]);
  expect(plan.stages.find(({ name }) => name === 'set-package')).toMatchObject({
    does: { from: expect.stringContaining('Shop-1.3.0.zip'), to: expect.stringContaining('Shop-1.2.0.zip') },
    back: { undo: [{ from: expect.stringContaining('1.2.0'), to: expect.stringContaining('1.3.0') }] },
  });
  expect(plan.notices.join(' ')).toMatch(/Nobody says whether 1\.3\.0 has moved/);
  expect(plan.loss.minutes).toBe(0);
});

test('with the database, the restore runs beside the setting, and the swap waits for both', async () => {
  const plan = await planOf({ version: '1.2.1', data: '2026-02-14T11:29:50Z' });
  const after = Object.fromEntries(plan.stages.map((stage) => [stage.name, stage.after]));
  expect(after).toMatchObject({
    'set-package': ['begin'],
    restore: ['begin'],
    swap: ['settings', 'verify'],
    'set-aside': ['swap'],
    version: ['restart'],
    healthy: ['version'],
  });
  expect(plan.loss).toMatchObject({ minutes: 31, settledBy: 'set-aside' });
});

test('what the run has set itself is no drift; what somebody else has deployed is', async () => {
  const wanted = { version: '1.2.1', data: '2026-02-14T11:29:50Z' };
  const before = await planOf(wanted);
  const set = running('https://packages.example/bin/latest/Shop-1.2.1.zip');
  const again = await planOf(wanted, set, { before, begun: new Set(['set-package', 'restore']) });
  expect(driftBetween(before.observed, again.observed)).toEqual([]);
  expect(again.stages).toEqual(before.stages);

  const foreign = await planOf(wanted, running('https://packages.example/bin/preview/Shop-1.4.0.zip'), {
    before,
  });
  expect(driftBetween(before.observed, foreign.observed).map(({ field }) => field)).toEqual([
    'package that runs',
  ]);
  const touched = freshState();
  touched.settings['Storage'] = 'another reference';
  expect(driftBetween(before.observed, (await planOf(wanted, touched, { before })).observed)).toHaveLength(1);
});

test('the form offers the versions there are, the one before chosen, and the database where the schema has moved', async () => {
  const form = await runbook.form(context(freshState()), {});
  expect(form).toMatchObject({
    running: '1.3.0',
    version: 'latest/1.2.1',
    data: '2026-02-14T11:29:50Z',
    blocked: '',
  });
  expect(form['versions']).toEqual([
    { title: '1.4.0 · preview · 2026-01-05 · schema 8', value: 'preview/1.4.0' },
    {
      title: '1.2.1 · with its database · latest · 2026-01-05 · schema 7',
      value: 'latest/1.2.1',
    },
    { title: '1.2.0 · latest · 2026-01-05', value: 'latest/1.2.0' },
  ]);
  expect(await runbook.form(context(freshState()), { version: '1.2.0' })).toMatchObject({
    version: 'latest/1.2.0',
    data: 'keep',
  });
  expect(await runbook.form(context(freshState()), { version: '7.7.7' })).toMatchObject({
    version: '',
    missing: 'The package host has no version 7.7.7.',
  });
  expect(await runbook.form(context(running('1')), {})).toMatchObject({
    blocked: expect.stringMatching(/local archive/),
  });
});

test.each([
  ['to 1.33.0', { version: '1.33.0' }],
  ['to v1.33.0', { version: '1.33.0' }],
  ['to preview/1.36.0-rc.1', { version: '1.36.0-rc.1' }],
  ['', {}],
  ['to the one before', {}],
])('“rollback app %s” is read', (words, said) => {
  const { takes } = runbook.command;
  expect(typeof takes === 'function' && takes(words)).toEqual(said);
});
