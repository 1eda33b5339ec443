import { takeNote } from '../../src/engine/take-note';
import { createTimeline, type Timeline } from '../../src/incidents/timeline';
import type { Store } from '../../src/store/store';
import { alex } from '../support/people';
import { minutesIn } from '../support/story';
import { temporaryStore } from '../support/temporary-store';

let store: Store;
let timeline: Timeline;
beforeAll(async () => {
  store = await temporaryStore();
  timeline = createTimeline(store.pool, () => minutesIn(5));
});
afterAll(() => store.close());

/** An incident with an entry for each of these texts; gives its name. */
async function incidentWith(...texts: readonly string[]): Promise<string> {
  const id = `request-${Math.random()}`;
  const opened = await timeline.openRun({
    ...{ id, conversation: id, app: id, at: minutesIn(0) },
    first: () =>
      texts.map((text) => ({
        ...{ id: text, run: null, actor: { kind: 'bot' }, happenedAt: minutesIn(0) },
        event: { type: 'note.added', text },
      })),
  });
  if ('busy' in opened) throw new Error(opened.busy);
  return opened.incident;
}

const amends = (incident: string, seq: number, id = 'amendment') =>
  takeNote(
    { timeline },
    { id, incident, by: alex, at: minutesIn(2), event: { type: 'entry.amended', seq, text: 'staging' } },
  );

test('an amendment points at the entry that it corrects, which stays as it is', async () => {
  const incident = await incidentWith('disk full', 'production is down');
  const [, wrong] = await timeline.entries(incident);
  expect(await amends(incident, 2)).toEqual({ ok: true, added: true, seq: 3 });
  const [, stays, amendment] = await timeline.entries(incident);
  expect(stays).toEqual(wrong);
  expect(amendment).toMatchObject({
    actor: { name: alex.name },
    happenedAt: minutesIn(2),
    event: { type: 'entry.amended', seq: 2, text: 'staging' },
  });
});

test('an amendment that comes twice is written once, and can be amended itself', async () => {
  const incident = await incidentWith('disk full');
  expect(await amends(incident, 1)).toEqual({ ok: true, added: true, seq: 2 });
  expect(await amends(incident, 1)).toEqual({ ok: true, added: false, seq: 2 });
  expect(await amends(incident, 2, 'another')).toEqual({ ok: true, added: true, seq: 3 });
});

test.each([0, 3, 12])(
  'an amendment of entry %d is refused where there is none, and told which there are',
  async (seq) => {
    const incident = await incidentWith('disk full', 'restored');
    const refused = await amends(incident, seq);
    expect(refused).toMatchObject({
      ok: false,
      words: expect.stringContaining(`no entry #${seq}. It has #1 to #2`),
    });
    expect(await timeline.entries(incident)).toHaveLength(2);
  },
);
