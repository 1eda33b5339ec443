import { drawHelp } from '../../../src/chat/cards/draw-help';
import { drawReport } from '../../../src/chat/cards/draw-report';
import { drawStatus } from '../../../src/chat/cards/draw-status';
import { drawTimeline } from '../../../src/chat/cards/draw-timeline';
import { exportJson, exportMarkdown } from '../../../src/chat/cards/export-incident';
import { entryWords } from '../../../src/words/entry-words';
import { alex, isaiah, megan } from './people';
import { actionsOf, partsOf, titlesOf, wordsOf } from './reading';
import { incidentOf, signing, story } from './story';
import { at, requested } from './told';

test('the report holds the recovery time against RTO, the loss against RPO, and says who decided what', () => {
  const { view, run, now } = story('kept');
  const { sign, action } = signing();
  const card = drawReport(view, run, { now, sign });
  const words = wordsOf(card);
  expect(words).toContain('Recovery time\n34 min\n✓ RTO 60 min to 2 h: kept');
  expect(words).toContain('Data loss\n24 min\n⚠ RPO 5 min: more, as the approved plan said');
  expect(words).toContain(
    '09:28:00Z  Megan Bowen: Approval to begin: Approve “Rows deleted by a bad script”',
  );
  expect(words).toContain('10:08:00Z  Megan Bowen: Keep or swap back: Keep “Users confirm”');
  expect(words).toContain('kept as AppRequestPortal-old-20260214-0900-inc7-1');
  expect(words).toContain('Simulated Azure: no real system was changed');
  expect(action(actionsOf(card)[0]?.['data']?.['token'])).toEqual({
    ...{ verb: 'form', runbook: 'remove-database', app: 'apprequest' },
    known: { database: 'AppRequestPortal-old-20260214-0900-inc7-1' },
  });
});

test.each([
  ['rejected', 'Data loss\n0 min'],
  ['paused', 'Data loss\nunknown'],
  ['undone', 'What was written in between stays in the copy.'],
  ['undone', 'Data loss\nnone from before the run'],
])('%s: the report does not claim more than is known about the data', (name, line) => {
  const { view, run, now } = story(name);
  expect(wordsOf(drawReport(view, run, { now }))).toContain(line);
});

test.each([
  [
    'storage.create-account',
    'the app uses its former storage account again. What was written in between stays in the new one.',
  ],
  ['web.set-package', 'what the run had changed is as it was before.'],
])('a run of %s that was taken back speaks of no database', (op, words) => {
  const { view, run, now } = story('undone');
  const stages = (run.plan?.stages ?? []).map((stage) =>
    stage.kind === 'step' ? { ...stage, does: { op } } : stage,
  );
  const plan = run.plan && { ...run.plan, stages };
  const report = wordsOf(drawReport(view, { ...run, plan }, { now }));
  expect(report).toContain(words);
  expect(report).not.toContain('production has its own data');
});

/** What is posted of an entry's seal; the story's entries are sealed with their number. */
const sealedAs = (seq: number): string => `Sealed to here: ${String(seq).padStart(64, '0')}`;

test('an entry is one line of the thread: time, person, step, words, duration', () => {
  const { view, run } = story('kept');
  const lines = view.entries.map((entry) => entryWords(entry, run)).filter((line) => line.show);
  expect(lines.map((line) => line.text)).toEqual([
    '09:24:00Z · Alex Wilber · Opened the incident “Restore AppRequestPortal” (sev2) for apprequest, on simulated Azure',
    '09:24:00Z · Alex Wilber · Asked: Restore AppRequestPortal to 2026-02-14 09:00 UTC (“restore db to 10:00”)',
    expect.stringMatching(/^09:24:12Z · dr-bot · Plan [0-9a-f]{8} is ready, version 1: data loss 24 min/),
    '09:28:00Z · Megan Bowen · Approval to begin: answered “Approve”: “Rows deleted by a bad script”',
    `09:28:00Z · dr-bot · Approval to begin: decided, “Approve” · ${sealedAs(5)}`,
    '09:50:00Z · dr-bot · ✓ Restore into AppRequestPortal-restored-20260214-0900-inc7-1 · 22 min',
    '09:51:00Z · dr-bot · ✓ Check the restored database: Status Online, Size 1.1 GB, Tier S0 · 1 min',
    '09:54:00Z · Adele Vance · Approval to swap: answered “Approve”: “Looks right”',
    `09:54:00Z · dr-bot · Approval to swap: decided, “Approve” · ${sealedAs(12)}`,
    '09:55:00Z · dr-bot · ✓ Rename AppRequestPortal to AppRequestPortal-old-20260214-0900-inc7-1 · 1 min',
    '09:56:00Z · dr-bot · ✓ Rename AppRequestPortal-restored-20260214-0900-inc7-1 to AppRequestPortal · 1 min',
    '09:57:00Z · dr-bot · ✓ Restart apprequest-prod-demo01, so that it opens new connections · 1 min',
    '09:58:00Z · dr-bot · ✓ Wait until App Request Portal is green: Status Online, Size 1.1 GB, Tier S0 · 1 min',
    '09:58:00Z · dr-bot · ✓ Recovered 34 min after the request: “Wait until App Request Portal is green” is done',
    '10:08:00Z · Megan Bowen · Keep or swap back: answered “Keep”: “Users confirm”',
    `10:08:00Z · dr-bot · Keep or swap back: decided, “Keep” · ${sealedAs(24)}`,
    `10:08:00Z · dr-bot · ■ The run is over (completed): Done. Every step worked and every check passed. · ${sealedAs(25)}`,
  ]);
});

test('a drift is told with each field, its old value and its new one', () => {
  const { view, run } = story('drift seen');
  const last = view.entries.at(-1);
  expect(last && entryWords(last, run).text).toContain(
    'tier was S0, is now S3; locks was none, is now no-delete (CanNotDelete)',
  );
});

test('status says of each open run where it stands and who holds it', () => {
  const { view, now } = story('waiting to swap');
  const words = wordsOf(drawStatus([view], now));
  expect(words).toContain(
    '◆  Waiting for people: Put the restored database in the place of AppRequestPortal now?',
  );
  expect(words).toContain('Now with: 1 approver');
  expect(wordsOf(drawStatus([], now))).toContain('Nothing is open');
});

test('help lists what this person may do here, and names who may do the rest', () => {
  const commands = [
    { name: 'status', summary: 'Shows what is open', examples: ['status'], effect: 'reads', may: 'anyone' },
    {
      name: 'restore',
      summary: 'Restores',
      examples: ['restore db to 10:00'],
      effect: 'changes',
      may: ['responder', 'approver'],
    },
  ] as const;
  expect(wordsOf(drawHelp(commands, alex, 'apprequest'))).toContain('@dr restore  · makes changes');
  const looker = wordsOf(drawHelp(commands, isaiah, 'apprequest'));
  expect(looker).not.toContain('@dr restore');
  expect(looker).toContain('For other people: restore (responder or approver)');
});

test('a long timeline shows its newest part, says how much is left out, and links to the whole', () => {
  const notes = Array.from(
    { length: 200 },
    (_, index) => [...([index, alex, { type: 'note.added', text: `note ${index}` }] as const)] as const,
  );
  const { view } = incidentOf([...requested, ...notes]);
  const links = [{ title: 'Markdown', url: 'https://bot.example/incidents/inc7?format=markdown' }];
  const card = drawTimeline(view, { now: at(300), links });
  expect(wordsOf(card)).toContain('Note: note 199');
  expect(wordsOf(card)).toMatch(/… and \d+ earlier: @dr timeline export/);
  expect(partsOf(card).filter((part) => part['type'] === 'Action.OpenUrl')).toMatchObject(links);
  expect(titlesOf(card)).toEqual([]);
});

test('the export holds every entry with both times, the actor’s id and the seal, under the report', () => {
  const { view } = story('kept');
  const markdown = exportMarkdown(view);
  for (const entry of view.entries) expect(markdown).toContain(entry.hash);
  expect(markdown.indexOf('## Report')).toBeLessThan(markdown.indexOf('## Timeline'));
  expect(markdown).toContain('- Recovery time: 34 min (RTO 60 min to 2 h: kept)');
  expect(markdown).toContain('Megan Bowen (megan)');
  expect(exportMarkdown(view)).toBe(markdown);
  expect(exportJson(view, { posted: [], unposted: [] })).toMatchObject({
    runs: [{ run: 'inc7-1', report: { time: '34 min', timeKept: true } }],
    entries: view.entries.map(({ seq, hash }) => ({ seq, hash })),
  });
});

test('the export’s head is the store’s own and not the last of the entries that are there', () => {
  const { view } = story('kept');
  const head = { seq: view.entries.length + 3, hash: 'f'.repeat(64) };
  expect(exportJson({ ...view, head }, { posted: [], unposted: [] })).toMatchObject({ seal: head });
});

test('an amendment stands beside the entry that it amends, in the timeline, the export and the report, and in its place', () => {
  const { view, run } = incidentOf([
    ...requested,
    [2, alex, { type: 'note.added', text: 'production is down' }],
    [3, megan, { type: 'entry.amended', seq: 2, text: 'asked for by the vendor' }],
    [4, alex, { type: 'entry.amended', seq: 3, text: 'it was staging' }],
  ]);
  const timeline = wordsOf(drawTimeline(view, { now: at(5) }));
  expect(timeline).toMatch(/#3 .*production is down.*\(amended by #5: “it was staging”\)/);
  expect(timeline).toMatch(/#5 .*Amended #3: “it was staging”/);
  const markdown = exportMarkdown(view);
  expect(markdown).toMatch(/\| 3 \|.*production is down \(amended by #5: “it was staging”\) \|/);
  expect(markdown).toMatch(/\| 5 \|.*Amended #3/);
  expect(markdown).toMatch(/- .*asked for .*\(amended by #4: “asked for by the vendor”\)/);
  expect(wordsOf(drawReport(view, run, { now: at(5) }))).toContain('(amended by #4');
});

test('what people wrote cannot break out of the export’s table', () => {
  const text = 'a | b\n| forged | row |\n# head <script>';
  const { view } = incidentOf([...requested, [1, alex, { type: 'note.added', text }]]);
  const rows = exportMarkdown(view)
    .split('\n')
    .filter((line) => line.includes('forged'));
  expect(rows).toHaveLength(1);
  expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(7);
  expect(rows[0]).not.toContain('<script>');
});
