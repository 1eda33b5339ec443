import { stripVTControlCharacters } from 'node:util';
import type { Person } from '../../src/engine/approval';
import { runbook as remove } from '../../src/runbooks/remove-database';
import { runbook as restore } from '../../src/runbooks/restore-database';
import { drawEntry } from '../../src/terminal/draw-entry';
import { drawGate, openGates } from '../../src/terminal/draw-gate';
import { drawList } from '../../src/terminal/draw-list';
import { drawPause } from '../../src/terminal/draw-pause';
import { drawPlan } from '../../src/terminal/draw-plan';
import { drawReport } from '../../src/terminal/draw-report';
import { exitCodeFor } from '../../src/terminal/exit-code';
import type { Look } from '../../src/terminal/look';
import { adele, alex, isaiah, megan } from '../chat/cards/people';
import { stories } from '../chat/cards/stories';
import { story } from '../chat/cards/story';
import { estate } from '../support/protected-app';

const plain: Look = { colour: false, width: 100 };
const [shop] = estate.apps;
const app = shop ?? null;

/** All that a terminal shows of a run at one moment, to one person. */
function shown(name: string, person: Person, look: Look): string {
  const { view, run, now } = story(name);
  return [
    drawList([restore, remove], [view], look),
    ...view.entries.flatMap((entry) => drawEntry(view, entry, look) ?? []),
    drawPlan(view, run, app, look),
    ...openGates(run, now).map((gate) => drawGate(run, gate, { person, app, now, look })),
    drawPause(run, person, look),
    ...(run.finished ? [drawReport(view, run, now, look)] : []),
  ].join('\n');
}

const everything = Object.keys(stories).flatMap((name) =>
  [alex, megan, adele, isaiah].map((person) => [name, person.name, person] as const),
);

test.each(everything)('%s, as %s sees it, says the same without colour', (name, _who, person) => {
  const words = shown(name, person, plain);
  const painted = stripVTControlCharacters(shown(name, person, { ...plain, colour: true }));
  expect(words).not.toContain('\u001B');
  expect(painted).toBe(words);
  expect(words).not.toMatch(/undefined|\[object|NaN|Invalid/);
});

test.each(Object.keys(stories))(
  '%s fits into its lines, but for names and commands that must stay whole',
  (name) => {
    const long = shown(name, megan, plain)
      .split('\n')
      .filter(
        (line) =>
          line.length > plain.width &&
          !line.startsWith('    npm run play') &&
          line
            .trim()
            .split(' ')
            .every((word) => word.length < 60),
      );
    expect(long).toEqual([]);
  },
);

test('a plan names every step with its Azure operation, its target, its time and its way back', () => {
  const { view, run } = story('waiting to begin');
  const words = drawPlan(view, run, app, plain);
  for (const stage of run.plan?.stages ?? []) {
    expect(words).toContain(stage.title);
    if (stage.kind === 'step') expect(words.replace(/\n\s+/g, ' ')).toContain(stage.operation);
  }
  expect(words).toMatch(/Data that will be lost .*min/);
  expect(words).toMatch(/◆ {3}Approval to begin · 1 approver, not the one who asked/);
  expect(words).toContain('Simulated Azure');
});

test('what cannot be undone is said in capitals, with the reason', () => {
  const { view, run } = story('waiting to begin');
  const plan = run.plan && {
    ...run.plan,
    stages: run.plan.stages.map((stage) =>
      stage.kind === 'step' ? { ...stage, back: { irreversible: 'the data is gone' } } : stage,
    ),
  };
  expect(drawPlan(view, { ...run, plan }, app, plain)).toMatch(/CANNOT BE UNDONE: the data is gone/);
});

test('a gate tells the requester why not, and an approver what each answer does', () => {
  const { run, now } = story('waiting to begin');
  const [gate] = openGates(run, now);
  if (!gate) throw new Error('No gate is open.');
  expect(drawGate(run, gate, { person: alex, app, now, look: plain })).toMatch(
    /You are Alex Wilber \(responder\)[\s\S]*somebody else must approve it[\s\S]*1 {2}Approve +\(not you\)/,
  );
  const approver = drawGate(run, gate, { person: megan, app, now, look: plain });
  expect(approver).toMatch(/1 {2}Approve .*goes on/);
  expect(approver).not.toContain('(not you)');
});

test('a paused run says what went wrong, what is true, and what can be done', () => {
  const paused = Object.keys(stories).find((name) => story(name).run.pause?.because === 'failed');
  const { run } = story(paused ?? '');
  const words = drawPause(run, megan, plain);
  expect(words).toMatch(
    /PAUSED: [\s\S]*✗ Azure did not rename[\s\S]*What is true right now[\s\S]*1 {2}Try again/,
  );
  expect(drawPause(run, isaiah, plain)).toMatch(/Only a responder or an approver may do this/);
});

test('the exit code says how a run was left', () => {
  const codes = Object.fromEntries(
    Object.keys(stories).map((name) => {
      const { run } = story(name);
      return [run.finished?.outcome ?? (run.pause ? 'paused' : 'open'), exitCodeFor(run)];
    }),
  );
  expect(codes).toMatchObject({ completed: 0, open: 3, paused: 4, rejected: 5 });
});
