import { harmless, paintOf, wrap } from '../../src/terminal/look';

test('lines are broken between words, and go on under their indent', () => {
  expect(wrap('  one two three four', 11, '    ')).toBe('  one two\n    three\n    four');
});

test('what is longer than a line stays whole, so that it can be copied', () => {
  expect(wrap('a /subscriptions/0000/resourceGroups/x b', 12, '  ')).toBe(
    'a\n  /subscriptions/0000/resourceGroups/x\n  b',
  );
});

test('words that fit are left as they are, columns and all', () => {
  expect(wrap('  1.  Restore   30 min', 80)).toBe('  1.  Restore   30 min');
});

test.each([
  ['a sequence that clears the screen', 'a\u001B[2Jb', 'a [2Jb'],
  ['a sequence in one character', 'a\u009B2Jb', 'a 2Jb'],
  ['a line that would pass for ours', 'a\n✓ Done', 'a ✓ Done'],
  ['what overwrites a line', 'reject\rapprove', 'reject approve'],
  ['what turns the direction of writing', 'name\u202Eemoc', 'name emoc'],
])('%s is taken out of what people wrote', (_what, words, left) => {
  expect(harmless(words)).toBe(left);
});

test('without colour nothing is painted, and with colour the words are the same', () => {
  const [plain, painted] = [false, true].map((colour) => paintOf({ colour, width: 80 }));
  expect(plain?.bad('✗ It failed')).toBe('✗ It failed');
  expect(painted?.bad('✗ It failed')).toBe('\u001B[31m✗ It failed\u001B[39m');
  expect(painted?.bold('')).toBe('');
});
