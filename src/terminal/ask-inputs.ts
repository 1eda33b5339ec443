import { drawForm } from '../chat/cards/draw-form';
import { momentsIn } from '../chat/cards/draw-moment';
import type { FormData, OfferedMoment, Runbook } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { timeMeant } from '../words/point-asked';
import { type Speaking, sayTime } from '../words/say-time';
import type { Desk } from './desk';
import { type FormInput, formParts, valueFor } from './form-parts';
import { harmless, paintOf, wrap } from './look';

/** A form with live values, and what is known for it already. */
export interface Filling {
  readonly runbook: Runbook;
  readonly app: string;
  readonly form: FormData;
  readonly known: JsonObject;
  readonly speaking: Speaking;
  /** Whether somebody is asked for each input; otherwise they are taken as they are. */
  readonly asks: boolean;
}

/** The values of a form's inputs; null when one is missing or wrong, which was said, or nobody is there any more. */
export async function askInputs(desk: Desk, filling: Filling): Promise<JsonObject | null> {
  return filling.asks ? askEach(desk, filling) : takeEach(desk, filling);
}

async function askEach(desk: Desk, filling: Filling): Promise<JsonObject | null> {
  const { console } = desk;
  const { dim } = paintOf(console.look);
  const moments = momentsIn(filling.form['moments']).filter(({ possibleFrom }) => possibleFrom === null);
  let values: JsonObject = {};
  for (const part of partsOf(filling)) {
    if (part.kind === 'words') {
      if (part.words !== filling.runbook.title)
        console.write(dim(wrap(`  ${harmless(part.words)}`, console.look.width, '  ')));
      continue;
    }
    const offered = part.name === 'time' ? moments : [];
    showMoments(desk, offered, filling.speaking);
    const typed = await askFor(desk, part, givenFor(desk, filling, part), offered.length > 0);
    if (typed === null) return null;
    const moment = /^\d{1,2}$/.test(typed) ? offered[Number(typed) - 1] : undefined;
    values = { ...values, [part.name]: moment ? '' : typed, ...moment?.parameters };
  }
  return values;
}

function showMoments({ console }: Desk, moments: readonly OfferedMoment[], speaking: Speaking): void {
  if (moments.length === 0) return;
  console.write('  What happened to it, and can be gone back behind:');
  for (const [index, { label, words, happened, from }] of moments.entries()) {
    const { text } = sayTime(new Date(happened), speaking);
    const line = `    ${index + 1}  ${harmless(`${label} ${words} · ${text} · ${from}`)}`;
    console.write(wrap(line, console.look.width, '       '));
  }
}

async function takeEach(desk: Desk, filling: Filling): Promise<JsonObject | null> {
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const part of partsOf(filling)) {
    if (part.kind === 'words') continue;
    const given = givenFor(desk, filling, part);
    const value = given === '' ? '' : valueFor(part, given);
    const isAsked = part.required && !(part.name === 'time' && typeof filling.known['at'] === 'string');
    if (value === null)
      missing.push(`${part.name}: "${given}" is not one of its choices: ${choiceWords(part)}.`);
    else if (value === '' && isAsked)
      missing.push(
        `${part.name} is missing (${part.label}): --set ${part.name}="${part.placeholder || '…'}"`,
      );
    else values[part.name] = value;
  }
  for (const words of missing) desk.console.write(paintOf(desk.console.look).bad(`✗ ${harmless(words)}`));
  return missing.length === 0 ? { ...desk.asked.inputs, ...values } : null;
}

/** The form as it is drawn for Teams; the moments that it offers are asked for in a way of their own. */
function partsOf({ runbook, app, form, known, speaking }: Filling) {
  const { now, zone } = speaking;
  const time = typeof known['time'] === 'string' ? known['time'] : '';
  const meant = timeMeant(speaking, { time });
  const timeMeans = meant.kind === 'instant' ? sayTime(meant.at, speaking).text : '';
  const options = { app, now, zone, time, timeMeans, known, sign: () => '' };
  return formParts(drawForm(runbook, { ...form, moments: [] }, options));
}

const givenFor = ({ asked }: Desk, { known }: Filling, { name, value }: FormInput): string => {
  const said = known[name];
  return asked.inputs[name] ?? (typeof said === 'string' ? said : value);
};

const choiceWords = ({ choices }: FormInput): string => choices.map(({ value }) => value).join(', ');

/** Asks for one input until it is one that can be taken; null when nobody is there any more. */
async function askFor(
  { console }: Desk,
  part: FormInput,
  given: string,
  offersMoments: boolean,
): Promise<string | null> {
  const { bold, bad } = paintOf(console.look);
  for (const [index, { title }] of part.choices.entries())
    console.write(wrap(`    ${index + 1}  ${harmless(title)}`, console.look.width, '       '));
  const example = offersMoments ? `a number from above, or ${part.placeholder}` : part.placeholder;
  const hint = given === '' ? (example === '' ? '' : ` (${example})`) : ` [${harmless(given)}]`;
  for (;;) {
    const typed = await console.ask(`${bold(harmless(part.label))}${hint}: `);
    if (typed === null) return null;
    const value = typed.trim() === '' ? given : valueFor(part, typed.trim());
    if (value === null)
      console.write(bad(`  ✗ Type one of the numbers, or one of: ${harmless(choiceWords(part))}.`));
    else if (value === '' && part.required)
      console.write(bad(`  ✗ This is needed${example ? `, for example: ${example}` : ''}.`));
    else return value;
  }
}
