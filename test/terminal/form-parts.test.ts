import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawForm } from '../../src/chat/cards/draw-form';
import { loadRunbooks } from '../../src/engine/load-runbooks';
import { type FormInput, formParts, valueFor } from '../../src/terminal/form-parts';
import { createFakeAzure } from '../support/fake-azure';
import { shop } from '../support/protected-app';
import { samples } from '../support/runbook-samples';
import { noon } from '../support/story';

const root = join(__dirname, '..', '..');
const runbooks = loadRunbooks(join(root, 'src', 'runbooks'));

/** The ids of all inputs that a card's template has. */
function templateInputs(name: string): readonly string[] {
  const found: string[] = [];
  JSON.parse(readFileSync(join(root, 'cards', `${name}.json`), 'utf8'), (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'id' in value && 'type' in value)
      if (String(value.type).startsWith('Input.')) found.push(String(value.id));
    return value;
  });
  return found;
}

const every = [...runbooks.values()].flatMap((runbook) =>
  (samples[runbook.name] ?? []).map(
    (sample) => [`${runbook.name}: ${sample.words}`, runbook, sample] as const,
  ),
);

test('every runbook has a form to be filled in at a terminal', () => {
  const cards = new Set(readdirSync(join(root, 'cards')).map((file) => file.replace('.json', '')));
  expect([...runbooks.keys()].filter((name) => !cards.has(name))).toEqual([]);
  expect(every.length).toBeGreaterThanOrEqual(runbooks.size);
});

test.each(every)(
  'the form of %s is read with its inputs, and what is filled in can be taken',
  async (_words, runbook, sample) => {
    const azure = createFakeAzure({ now: () => noon, state: sample.azure() });
    const context = { app: shop, azure, now: noon, past: () => null };
    const form = await runbook.form(context, sample.parameters);
    const card = drawForm(runbook, form, { app: shop.name, now: noon, zone: 'UTC', sign: () => '' });
    const parts = formParts(card);
    const inputs = parts.filter((part): part is FormInput => part.kind === 'input');
    expect(templateInputs(runbook.name)).toEqual(expect.arrayContaining(inputs.map(({ name }) => name)));
    expect(inputs.length).toBeGreaterThan(0);
    for (const input of inputs) {
      expect(input.label).not.toBe('');
      if (input.value !== '' && input.choices.length > 0)
        expect(valueFor(input, input.value)).toBe(input.value);
    }
  },
);

const choice: FormInput = {
  ...{ kind: 'input', name: 'how', label: 'How?', value: 'swap', placeholder: '', required: true },
  choices: [
    { title: 'Full swap', value: 'swap' },
    { title: 'Beside production', value: 'beside' },
    { title: 'The third', value: '1' },
  ],
};

test.each([
  ['its value', 'beside', 'beside'],
  ['its value in other letters', 'BESIDE', 'beside'],
  ['its title', 'full swap', 'swap'],
  ['its number', '2', 'beside'],
  ['a value that looks like a number, before the number', '1', '1'],
  ['a number that is none', '4', null],
  ['nothing that there is', 'magic', null],
])('a choice is meant by %s', (_how, typed, value) => {
  expect(valueFor(choice, typed)).toBe(value);
});

test('what may be written freely is taken as it is written', () => {
  expect(valueFor({ ...choice, choices: [] }, ' 10:00 ')).toBe(' 10:00 ');
});

test('words and inputs come in the order in which they are read; hidden parts and buttons do not', () => {
  expect(
    formParts({
      type: 'AdaptiveCard',
      body: [
        { type: 'TextBlock', text: 'First' },
        { type: 'Container', isVisible: false, items: [{ type: 'TextBlock', text: 'Hidden' }] },
        {
          type: 'ColumnSet',
          columns: [
            { type: 'Column', items: [{ type: 'Input.Toggle', id: 'sure', title: 'Are you sure?' }] },
          ],
        },
        { type: 'RichTextBlock', inlines: ['Read ', { type: 'TextRun', text: 'as' }] },
        { type: 'FactSet', facts: [{ title: 'Size', value: '4 GB' }] },
        { type: 'ActionSet', actions: [{ type: 'Action.Execute', title: 'Show the plan' }] },
      ],
    }),
  ).toMatchObject([
    { kind: 'words', words: 'First' },
    { kind: 'input', name: 'sure', label: 'Are you sure?', choices: [{ value: 'true' }, { value: 'false' }] },
    { kind: 'words', words: 'Read as' },
    { kind: 'words', words: 'Size: 4 GB' },
  ]);
});
