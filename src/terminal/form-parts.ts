import { z } from 'zod/v4';

/** An input of a form that people fill in. */
export interface FormInput {
  readonly kind: 'input';
  readonly name: string;
  readonly label: string;
  /** What is filled in already; empty for nothing. */
  readonly value: string;
  readonly placeholder: string;
  readonly required: boolean;
  /** What may be chosen; empty where anything may be written. */
  readonly choices: readonly { readonly title: string; readonly value: string }[];
}

/** A form's card as a terminal shows it: words and inputs, in the order in which they are read. */
export type FormPart = { readonly kind: 'words'; readonly words: string } | FormInput;

const element = z.looseObject({ type: z.string() });
const inline = z.looseObject({ text: z.string() });
const input = z.object({
  id: z.string(),
  label: z.string().default(''),
  value: z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]).default(''),
  placeholder: z.string().default(''),
  // What a template fills in may come as a word.
  isRequired: z.union([z.boolean(), z.string().transform((word) => word === 'true')]).default(false),
  choices: z.array(z.object({ title: z.string(), value: z.string() })).default([]),
});

/** The parts of a form's Adaptive Card, filled in; its buttons and its hidden parts are left out. */
export function formParts(card: unknown): readonly FormPart[] {
  const read = element.safeParse(card);
  if (!read.success) return Array.isArray(card) ? card.flatMap(formParts) : [];
  const one = read.data;
  if (one['isVisible'] === false) return [];
  if (one.type.startsWith('Input.')) return [inputOf(one)];
  switch (one.type) {
    case 'TextBlock':
      return wordsOf(one['text']);
    case 'RichTextBlock':
      return wordsOf(
        z
          .array(z.union([inline, z.string()]))
          .catch([])
          .parse(one['inlines'])
          .map((part) => (typeof part === 'string' ? part : part.text))
          .join(''),
      );
    case 'FactSet':
      return z
        .array(z.object({ title: z.string(), value: z.string() }))
        .catch([])
        .parse(one['facts'])
        .flatMap(({ title, value }) => wordsOf(`${title}: ${value}`));
    default:
      return [one['body'], one['items'], one['columns'], one['rows'], one['cells']].flatMap(formParts);
  }
}

function inputOf(card: z.infer<typeof element>): FormInput {
  const { id, label, value, placeholder, isRequired, choices } = input.parse(card);
  const toggle = card.type === 'Input.Toggle';
  return {
    ...{ kind: 'input', name: id, value, placeholder, required: isRequired },
    label: label === '' ? String(card['title'] ?? id) : label,
    choices: toggle
      ? [
          { title: 'Yes', value: 'true' },
          { title: 'No', value: 'false' },
        ]
      : choices,
  };
}

const wordsOf = (text: unknown): readonly FormPart[] =>
  typeof text === 'string' && text.trim() !== '' ? [{ kind: 'words', words: text.trim() }] : [];

/** A value for an input as it is meant: a choice by its number, its value or its title; null when it is none of them. */
export function valueFor({ choices }: FormInput, typed: string): string | null {
  if (choices.length === 0) return typed;
  const wanted = typed.trim().toLowerCase();
  const byNumber = /^\d+$/.test(wanted) ? choices[Number(wanted) - 1] : undefined;
  const found =
    choices.find(({ value }) => value.toLowerCase() === wanted) ??
    choices.find(({ title }) => title.toLowerCase() === wanted) ??
    byNumber;
  return found?.value ?? null;
}
