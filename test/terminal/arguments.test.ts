import { type Asked, readArguments } from '../../src/terminal/arguments';

const nothing: Asked = {
  ...{ kind: 'play', words: '', incident: null, app: null, inputs: {}, answers: {} },
  ...{
    approve: false,
    reason: '',
    breakGlass: false,
    valueFromInput: false,
    decision: null,
    abort: null,
    wait: false,
  },
};

test.each<[string, readonly string[], Partial<Asked>]>([
  ['nothing, to see what there is', [], {}],
  ['a runbook', ['restore-database'], { words: 'restore-database' }],
  ['words as in Teams, quoted', ['restore db to 10:00'], { words: 'restore db to 10:00' }],
  ['words as in Teams, not quoted', ['restore', 'db', 'to', '10:00'], { words: 'restore db to 10:00' }],
  ['an incident', ['inc7'], { incident: 'inc7' }],
  ['an incident in large letters', ['INC7'], { incident: 'inc7' }],
  ['a run', ['inc7-2'], { incident: 'inc7' }],
  ['an incident by option', ['--incident', 'inc7'], { incident: 'inc7' }],
  ['a runbook in an incident', ['inc7', 'remove'], { incident: 'inc7', words: 'remove' }],
  [
    'inputs, also with = in them',
    ['restore-database', '--set', 'time=10:00', '--set', 'reason=a=b'],
    { words: 'restore-database', inputs: { time: '10:00', reason: 'a=b' } },
  ],
  [
    'answers to gates',
    ['inc7', '--answer', 'swap=reject'],
    { incident: 'inc7', answers: { swap: 'reject' } },
  ],
  ['a yes to everything', ['inc7', '--approve'], { incident: 'inc7', approve: true }],
  ['a retry', ['inc7', '--retry'], { incident: 'inc7', decision: { choice: 'retry' } }],
  [
    'a skip with its reason',
    ['inc7', '--skip', '--reason', 'by hand'],
    { incident: 'inc7', reason: 'by hand', decision: { choice: 'skip', reason: 'by hand' } },
  ],
  [
    'a wish to stop',
    ['inc7', '--abort', '--reason', 'wrong'],
    { incident: 'inc7', reason: 'wrong', abort: 'wrong' },
  ],
  [
    'going ahead alone',
    ['inc7', '--break-glass', '--reason', 'nobody answers'],
    { incident: 'inc7', breakGlass: true, reason: 'nobody answers' },
  ],
])('reads %s', (_what, args, asked) => {
  expect(readArguments(args)).toEqual({ ...nothing, ...asked });
});

test.each([
  ['an option that there is not', ['--approv'], /--approv/],
  ['an input without a value', ['--set', 'time'], /--set takes a name and a value.*not "time"/],
  ['an input without a name', ['--set', '=10:00'], /--set takes a name and a value/],
  ['two decisions', ['inc7', '--retry', '--undo'], /--retry and --undo are different decisions/],
  ['a skip without a reason', ['inc7', '--skip'], /--skip leaves a step out, so it needs --reason/],
])('says what is wrong with %s', (_what, args, words) => {
  expect(readArguments(args)).toEqual({ kind: 'wrong', words: expect.stringMatching(words) });
});

test('help is help, whatever else is there', () => {
  expect(readArguments(['restore-database', '--help', '--approve'])).toEqual({ kind: 'help' });
});
