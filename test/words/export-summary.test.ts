import { exportJson } from '../../src/chat/cards/export-incident';
import { summaryOf, untrueIn } from '../../src/words/export-summary';
import { alex } from '../chat/cards/people';
import { incidentOf, story } from '../chat/cards/story';
import { requested } from '../chat/cards/told';

const { view } = story('kept');
const exported = () => exportJson(view, { posted: [], unposted: [] });

test('what an export says besides its entries is what they come to', () => {
  expect(untrueIn(exported(), view.entries)).toBeNull();
  expect(summaryOf(view.entries)).toMatchObject({
    ...{ title: view.title, app: view.app, simulated: true, openedAt: view.openedAt },
    runs: [{ run: 'inc7-1' }],
  });
});

test.each([
  ['title', { title: 'A drill' }],
  ['app', { app: 'another' }],
  ['simulated', { simulated: false }],
  ['openedAt', { openedAt: '2026-02-14T09:00:00.000Z' }],
  ['runs', { runs: [] }],
])('a false %s is named', (name, lie) => {
  expect(untrueIn({ ...exported(), ...lie }, view.entries)).toBe(name);
});

test('a false report is named', () => {
  const text = JSON.stringify(exported()).replace('"time":"34 min"', '"time":"3 min"');
  expect(untrueIn(JSON.parse(text), view.entries)).toBe('runs');
});

test('a run that is not over is measured up to the latest that happened, also behind the note of an old message', () => {
  const note = { type: 'note.added', text: 'slow', of: 'Isaiah' } as const;
  const { entries } = incidentOf([...requested, [30, alex, { ...note }], [-90, alex, { ...note }]]).view;
  expect(summaryOf(entries).runs[0]?.report.time).toBe('30 min');
});
