import { fencedTimeline } from '../../src/engine/fenced-timeline';
import { NotInCharge } from '../../src/fence';
import type { Draft } from '../../src/incidents/event';
import { createTimeline } from '../../src/incidents/timeline';
import type { Store } from '../../src/store/store';
import { temporaryStore } from '../support/temporary-store';

let store: Store;
beforeAll(async () => {
  store = await temporaryStore();
});
afterAll(() => store.close());

const note = (id: string): Draft => ({
  ...{ id, run: null, actor: { kind: 'bot' }, happenedAt: new Date() },
  event: { type: 'note.added', text: id },
});

test('what a process finds out after it was replaced is not written down', async () => {
  const timeline = createTimeline(store.pool, () => new Date());
  const { incident = '' } = await timeline
    .openRun({ id: 'one', conversation: 'c', app: 'a', at: new Date(), first: () => [] })
    .then((opened) => ('busy' in opened ? { incident: '' } : opened));
  let replaced = false;
  const fenced = fencedTimeline(timeline, () => {
    if (replaced) throw new NotInCharge('Another process has taken over.');
  });

  await fenced.append(incident, [note('in charge')]);
  replaced = true;
  await expect(fenced.append(incident, [note('too late')])).rejects.toThrow(NotInCharge);
  await expect(fenced.appendAfter(incident, () => [note('too late')])).rejects.toThrow(NotInCharge);

  expect((await timeline.entries(incident)).map(({ id }) => id)).toEqual(['in charge']);
});
