import type { Progress } from '../../src/engine/engine';
import { createProgressLines } from '../../src/terminal/progress-lines';
import { stories } from '../chat/cards/stories';
import { story } from '../chat/cards/story';

const running =
  Object.keys(stories).find((name) => story(name).run.stages['restore']?.status === 'running') ?? '';
const { run } = story(running);
const at = new Date('2026-02-14T09:30:00Z');
const restored = (percent: number | null): readonly Progress[] => [
  { run: run.run, stage: 'restore', percent, words: '', at },
];

test('a stage is told each time that it has passed another quarter, and once for each', () => {
  const lines = createProgressLines();
  const told = [3, 24, 25, 31, 49, 80, 80, 99].map((percent) => lines(run, restored(percent)).join());
  expect(told.map((line) => line.replace(/^.*: /, ''))).toEqual(['', '', '25 %', '', '', '80 %', '', '']);
  expect(told[2]).toMatch(/^09:30:00Z {2}Restore into /);
});

test('where Azure gives no percentage nothing is told', () => {
  expect(createProgressLines()(run, restored(null))).toEqual([]);
});

test('a stage that is over is not told any more', () => {
  const { run: over } = story('kept');
  expect(createProgressLines()(over, restored(50))).toEqual([]);
});
