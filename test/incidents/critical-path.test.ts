import { criticalPath } from '../../src/incidents/critical-path';
import type { CheckStage } from '../../src/incidents/plan';
import { sideBySide } from '../../src/incidents/side-by-side';
import { expectedMinutes } from '../../src/words/around-gate';
import { stepsData } from '../../src/words/gate-parts';

const stage = (name: string, expectedMinutes: number | null, ...after: string[]): CheckStage => ({
  ...{ kind: 'check', name, title: name, after, expectedMinutes, withinMinutes: 1 },
  reads: { check: 'app.healthy' },
});

/** Ground, then two branches of different length, then the end. */
const stages = [
  stage('ground', 1),
  stage('app', 15, 'ground'),
  stage('data', 100, 'ground'),
  stage('join', 2, 'app', 'data'),
];

const minutes = (one: { readonly expectedMinutes: number | null }) => one.expectedMinutes;

test('the critical path is the longest chain, whatever runs beside it', () => {
  expect(criticalPath(stages, 'join', minutes)).toEqual({ length: 103, stages: ['ground', 'data', 'join'] });
  expect(criticalPath(stages, 'app', minutes).length).toBe(16);
});

test('a chain with an unknown part is of unknown length', () => {
  const unknown = [...stages, stage('odd', null, 'ground'), stage('end', 1, 'odd', 'join')];
  expect(criticalPath(unknown, 'end', minutes)).toMatchObject({
    length: null,
    stages: ['ground', 'odd', 'end'],
  });
});

test('what is expected of stages is their longest chain, not their sum', () => {
  expect(expectedMinutes(stages)).toBe(103);
  expect(expectedMinutes([...stages, stage('odd', null)])).toBeNull();
  expect(expectedMinutes([])).toBe(0);
});

test('stages run at the same time when neither waits for the other', () => {
  expect(sideBySide(stages, 'app').map(({ name }) => name)).toEqual(['data']);
  expect(sideBySide(stages, 'join')).toEqual([]);
});

test('a plan says which of its long steps run beside one another', () => {
  const { steps } = stepsData(stages, { text: 100, rows: 10 });
  expect(steps).toMatchObject([
    { time: ' · 1 min' },
    { time: ' · 15 min · beside 3' },
    { time: ' · 1 h 40 min · beside 2' },
    { time: ' · 2 min' },
  ]);
});
