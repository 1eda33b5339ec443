import { drawForm } from '../chat/cards/draw-form';
import type { ProtectedApp } from '../engine/estate';
import type { Choice, FormData, Runbook } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { asksForPoint, pointAsked, timeMeant } from '../words/point-asked';
import { type Speaking, sayTime } from '../words/say-time';
import type { Desk } from './desk';
import { type FormInput, formParts, valueFor } from './form-parts';
import { harmless, paintOf, wrap } from './look';

/** A form that is filled in, as the engine takes it; or why it cannot be, which was said already. */
export type Filled = { readonly parameters: JsonObject } | 'refused';

/** Asks for what a runbook needs, filled in from live Azure, until it is right; or takes it as it was given. */
export async function fillForm(
  desk: Desk,
  runbook: Runbook,
  app: ProtectedApp,
  said: JsonObject,
): Promise<Filled> {
  const { console, engine, now, zone } = desk;
  const { bad } = paintOf(console.look);
  let known = said;
  let asks = console.interactive && Object.keys(desk.asked.inputs).length === 0;
  for (;;) {
    console.status(`Reading Azure for ${app.name} …`);
    const form = await engine.form(app.name, runbook.name, known);
    console.status('');
    // To the second: nobody means, or wants to read, less.
    const second = new Date(Math.floor(now().getTime() / 1_000) * 1_000);
    const speaking: Speaking = { zone, locale: 'en-GB', now: second };
    const values = await inputsOf(desk, runbook, app, { form, known, speaking, asks });
    if (values === null) return 'refused';
    known = { ...known, ...values };
    const checked = await check(desk, runbook, app, known, speaking);
    if ('parameters' in checked) return checked;
    console.write(
      bad(wrap(`✗ Not possible like this: ${harmless(checked.problem)}`, console.look.width, '  ')),
    );
    if (checked.choices.length > 0) console.write('  These would work:');
    for (const [index, choice] of checked.choices.entries())
      console.write(wrap(`  ${index + 1}  ${harmless(choice.words)}`, console.look.width, '     '));
    if (!console.interactive) return 'refused';
    const { at: _at, ...rest } = known;
    known = rest;
    const instead = await chosen(desk, checked.choices);
    if (instead === null) return 'refused';
    known = { ...known, ...instead };
    asks = Object.keys(instead).length === 0;
  }
}

/** The parameters of another choice that would work; none of them to fill the form in again; null to leave. */
async function chosen({ console }: Desk, choices: readonly Choice[]): Promise<JsonObject | null> {
  const numbers = choices.length > 0 ? 'A number, or ' : '';
  const typed = await console.ask(`${numbers}Enter to fill it in again, q to leave: `);
  if (typed === null || /^q(uit)?$/i.test(typed.trim())) return null;
  return choices[Number(typed) - 1]?.parameters ?? {};
}

interface Filling {
  readonly form: FormData;
  readonly known: JsonObject;
  readonly speaking: Speaking;
  readonly asks: boolean;
}

async function inputsOf(
  desk: Desk,
  runbook: Runbook,
  app: ProtectedApp,
  { form, known, speaking, asks }: Filling,
): Promise<JsonObject | null> {
  const { console, asked } = desk;
  const { dim } = paintOf(console.look);
  const { now, zone } = speaking;
  const time = typeof known['time'] === 'string' ? known['time'] : '';
  const meant = timeMeant(speaking, { time });
  const timeMeans = meant.kind === 'instant' ? sayTime(meant.at, speaking).text : '';
  const card = drawForm(runbook, form, { app: app.name, now, zone, time, timeMeans, known, sign: () => '' });
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const part of formParts(card)) {
    if (part.kind === 'words') {
      if (asks && part.words !== runbook.title)
        console.write(dim(wrap(`  ${harmless(part.words)}`, console.look.width, '  ')));
      continue;
    }
    const given =
      asked.inputs[part.name] ??
      (typeof known[part.name] === 'string' ? String(known[part.name]) : part.value);
    const value = asks ? await askFor(desk, part, given) : given === '' ? '' : valueFor(part, given);
    if (asks && value === null) return null;
    if (value === null)
      missing.push(`${part.name}: "${given}" is not one of its choices: ${choiceWords(part)}.`);
    else if (value === '' && part.required)
      missing.push(
        `${part.name} is missing (${part.label}): --set ${part.name}="${part.placeholder || '…'}"`,
      );
    else values[part.name] = value;
  }
  if (missing.length === 0) return { ...asked.inputs, ...values };
  for (const words of missing) console.write(paintOf(console.look).bad(`✗ ${words}`));
  return null;
}

const choiceWords = ({ choices }: FormInput): string => choices.map(({ value }) => value).join(', ');

/** Asks for one input until it is one that can be taken; null when nobody is there any more. */
async function askFor({ console }: Desk, part: FormInput, given: string): Promise<string | null> {
  const { bold, bad } = paintOf(console.look);
  for (const [index, { title }] of part.choices.entries())
    console.write(wrap(`    ${index + 1}  ${harmless(title)}`, console.look.width, '       '));
  const hint = given === '' ? (part.placeholder === '' ? '' : ` (${part.placeholder})`) : ` [${given}]`;
  for (;;) {
    const typed = await console.ask(`${bold(harmless(part.label))}${hint}: `);
    if (typed === null) return null;
    const value = typed.trim() === '' ? given : valueFor(part, typed.trim());
    if (value === null) console.write(bad(`  ✗ Type one of the numbers, or one of: ${choiceWords(part)}.`));
    else if (value === '' && part.required)
      console.write(
        bad(`  ✗ This is needed${part.placeholder ? `, for example: ${part.placeholder}` : ''}.`),
      );
    else return value;
  }
}

type Checked =
  | { readonly parameters: JsonObject }
  | { readonly problem: string; readonly choices: readonly Choice[] };

/** Holds what was filled in against live Azure and against the runbook's own rules. */
async function check(
  { engine, zone }: Desk,
  runbook: Runbook,
  app: ProtectedApp,
  known: JsonObject,
  speaking: Speaking,
): Promise<Checked> {
  // Read again with what was chosen: each database has moments of its own.
  const form = asksForPoint(known) ? await engine.form(app.name, runbook.name, known) : {};
  const point = pointAsked(speaking, known, form);
  if (point && 'problem' in point) return point;
  const at = point ? { at: point.at.toISOString().replace('.000Z', 'Z') } : {};
  const parsed = runbook.parameters.safeParse({ ...known, ...at, app: app.name });
  if (parsed.success) return { parameters: { ...parsed.data, zone } };
  const problem = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return { problem, choices: [] };
}
