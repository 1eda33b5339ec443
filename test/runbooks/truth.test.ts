import { join } from 'node:path';
import type { Azure } from '../../src/azure/azure';
import { loadRunbooks } from '../../src/engine/load-runbooks';
import type { Context } from '../../src/engine/runbook';
import { restoreTruth } from '../../src/runbooks/parts/restore-truth';
import { createFakeAzure, freshState } from '../support/fake-azure';
import { planOf, step } from '../support/plans';
import { shop } from '../support/protected-app';
import { refusal } from '../support/refusal';
import { samples } from '../support/runbook-samples';
import { noon, requested, stateAfter } from '../support/story';

const now = () => noon;
const denied = refusal('AuthorizationFailed', { status: 403 });
const runbooks = loadRunbooks(join(__dirname, '..', '..', 'src', 'runbooks'));

/** What is read of the app and its services themselves: not answering is an answer there. */
const NEVER_REFUSED = ['health', 'report', 'reachable'];

type Reading = (...asked: readonly unknown[]) => unknown;

/** An Azure that denies its `nth` reading, from 0 on; `read` is told of each. */
function denying<T extends object>(azure: T, nth: number, read: { count: number }): T {
  return new Proxy(azure, {
    get: (target, name) => {
      const found: unknown = Reflect.get(target, name);
      if (typeof found === 'object' && found !== null) return denying(found, nth, read);
      if (typeof found !== 'function' || NEVER_REFUSED.includes(String(name))) return found;
      return async (...asked: readonly unknown[]) => {
        if (read.count++ === nth) throw denied;
        return (found as Reading)(...asked);
      };
    },
  });
}

const contextOf = (azure: Azure, app: Context['app'] = shop): Context => ({
  ...{ app, azure, now: noon, past: () => null },
});

const every = [...runbooks.values()].flatMap((runbook) =>
  (samples[runbook.name] ?? []).map(
    (sample) => [`${runbook.name}: ${sample.words}`, runbook, sample] as const,
  ),
);

test.each(every)(
  '%s: whichever reading is denied, the truth says so, and the rest',
  async (_words, runbook, sample) => {
    const azure = createFakeAzure({ now, state: sample.azure() });
    const context = contextOf(azure, sample.app?.(shop));
    const compiled = await runbook.compile(runbook.parameters.parse(sample.parameters), {
      ...{ ...context, run: 'inc7-1', begun: new Set<string>(), requestedAt: noon },
    });
    if ('refused' in compiled) throw new Error(compiled.refused.what);
    const { plan } = compiled;
    const truth = (so: Azure) => runbook.truth(plan, stateAfter(requested), contextOf(so, context.app));
    const readings = { count: 0 };
    const calm = await truth(denying<Azure>(azure, -1, readings));
    expect(readings.count).toBeGreaterThan(0);
    for (let nth = 0; nth < readings.count; nth++) {
      const words = await truth(denying<Azure>(azure, nth, { count: 0 }));
      if (!calm.every((sentence) => words.includes(sentence)))
        expect(words.join(' ')).toMatch(/cannot be read right now/);
      // One reading may tell two things: who leads, and how the replication is.
      expect(calm.filter((sentence) => !words.includes(sentence)).length).toBeLessThanOrEqual(2);
    }
  },
);

test('that there is no production database is told although the restored copy cannot be read', async () => {
  const state = freshState();
  state.databases['sql-primary'] = {};
  const azure = createFakeAzure({ now, state });
  const database: Azure['database'] = async (server, name) => {
    if (name === 'shop-restored') throw denied;
    return azure.database(server, name);
  };
  const plan = planOf(
    [step('restore', { does: { op: 'sql.point-in-time-restore', target: 'shop-restored' } })],
    { parameters: { app: 'shop', database: 'shop' } },
  );
  const words = await restoreTruth(plan, stateAfter(requested), contextOf({ ...azure, database }));
  expect(words).toEqual([
    'There is no database named shop right now, so the app cannot work.',
    'How shop-restored stands cannot be read right now (AuthorizationFailed).',
    'The app: HTTP 503, the database does not answer',
  ]);
});
