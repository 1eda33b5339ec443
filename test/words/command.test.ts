import fc from 'fast-check';
import { type CommandSpec, readCommand } from '../../src/words/command';

function spec(name: string, ...more: readonly string[]): CommandSpec<string> {
  return {
    name,
    words: [name, ...more],
    summary: `What ${name} does`,
    examples: [name],
    effect: 'reads',
    may: 'anyone',
    read: (rest) => rest,
  };
}

const specs = [
  spec('go'),
  spec('help', '?'),
  spec('status', 'how is it going'),
  spec('restore', 'bring back'),
  spec('timeline'),
  spec('timeline export', 'export timeline'),
  spec('skip'),
  spec('undo', 'swap back'),
];

test.each([
  ['restore', 'restore', ''],
  ['RESTORE db to 10:00', 'restore', 'db to 10:00'],
  ['  restore    db   to 10:00 ', 'restore', 'db to 10:00'],
  ['please restore db', 'restore', 'db'],
  ['Hey, could you please restore db', 'restore', 'db'],
  ['/restore db', 'restore', 'db'],
  ['Bring  Back db', 'restore', 'db'],
  ['help!', 'help', ''],
  ['?', 'help', ''],
  ['status?', 'status', ''],
  ['timeline', 'timeline', ''],
  ['timeline last 5', 'timeline', 'last 5'],
  ['Timeline Export json', 'timeline export', 'json'],
  ['skip We did it by hand.', 'skip', 'We did it by hand.'],
  ['swap back', 'undo', ''],
])('"%s" is the command %s with "%s" after it', (text, name, rest) => {
  expect(readCommand(text, specs)).toMatchObject({ kind: 'command', spec: { name }, rest });
});

test.each(['', '   ', 'please', 'hi', 'Hello!', 'ok please'])('"%s" asks for nothing', (text) => {
  expect(readCommand(text, specs)).toEqual({ kind: 'empty' });
});

test.each([
  ['I forgot the category', undefined],
  ['got it', undefined],
  ['restores the db', 'restore'],
  ['restoration of the empire', undefined],
  ['hlep', 'help'],
  ['stauts', 'status'],
  ['restor db to 10:00', 'restore'],
  ['timelien exprot', 'timeline export'],
  ['db restore to 10:00', 'restore'],
  ['can somebody bring back the db', 'restore'],
  ['no', undefined],
  ['xyzzy', undefined],
])('"%s" is no command; the nearest is %s', (text, name) => {
  const command = readCommand(text, specs);
  expect(command).toMatchObject({ kind: 'unknown', typed: text });
  expect(command.kind === 'unknown' && command.nearest?.name).toBe(name);
});

test('what is said back of an unknown command is short', () => {
  expect(readCommand('x'.repeat(5_000), specs)).toEqual({
    kind: 'unknown',
    typed: `${'x'.repeat(60)}…`,
    nearest: undefined,
  });
});

test('the spec that comes back keeps the type of what it reads', () => {
  const counting = { ...spec('count'), read: (rest: string) => ({ letters: rest.length }) };
  const command = readCommand('count abc', [counting]);
  expect(command.kind === 'command' && command.spec.read(command.rest).letters).toBe(3);
});

test('any text is a command, unknown or empty, and a command is found whatever surrounds it in space and case', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(['command', 'unknown', 'empty']).toContain(readCommand(text, specs).kind);
    }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...specs),
      fc.stringMatching(/^[ \t\n]{0,4}$/),
      fc.boolean(),
      ({ name }, space, upper) => {
        const typed = `${space}${upper ? name.toUpperCase() : name}${space} rest`;
        expect(readCommand(typed, specs)).toMatchObject({ kind: 'command', spec: { name }, rest: 'rest' });
      },
    ),
  );
});
