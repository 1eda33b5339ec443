import type { ProtectedApp } from '../engine/estate';
import type { Choice, Runbook } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { asksForPoint, pointAsked } from '../words/point-asked';
import type { Speaking } from '../words/say-time';
import { askInputs } from './ask-inputs';
import type { Desk } from './desk';
import { harmless, paintOf, wrap } from './look';

/** A form that is filled in, as the engine takes it; or that it cannot be, which was said already. */
export type Filled = { readonly runbook: Runbook; readonly parameters: JsonObject } | 'refused';

/** Asks for what a runbook needs, filled in from live Azure, until it is right; or takes it as it was given. */
export async function fillForm(
  desk: Desk,
  runbook: Runbook,
  app: ProtectedApp,
  said: JsonObject,
): Promise<Filled> {
  const { console, engine, now, zone } = desk;
  let known = said;
  let asks = console.interactive && Object.keys(desk.asked.inputs).length === 0;
  for (;;) {
    console.status(`Reading Azure for ${app.name} …`);
    const form = await engine.form(app.name, runbook.name, known);
    console.status('');
    // To the second: nobody means, or wants to read, less.
    const second = new Date(Math.floor(now().getTime() / 1_000) * 1_000);
    const speaking: Speaking = { zone, locale: 'en-GB', now: second };
    const values = await askInputs(desk, { runbook, app: app.name, form, known, speaking, asks });
    if (values === null) return 'refused';
    known = { ...known, ...values };
    const checked = await check(desk, runbook, app, known, speaking);
    if ('parameters' in checked) return { runbook, ...checked };
    sayRefusal(desk, checked);
    if (!console.interactive) return 'refused';
    const instead = await chosen(desk, checked.choices);
    if (instead === null) return 'refused';
    const other = instead.runbook === undefined ? undefined : engine.runbooks.get(instead.runbook);
    if (other) return fillForm(desk, other, app, instead.parameters);
    const { at: _at, ...rest } = known;
    known = { ...rest, ...instead.parameters };
    asks = Object.keys(instead.parameters).length === 0;
  }
}

interface Refusal {
  readonly problem: string;
  readonly choices: readonly Choice[];
}

function sayRefusal({ console }: Desk, { problem, choices }: Refusal): void {
  const { width } = console.look;
  console.write(
    paintOf(console.look).bad(wrap(`✗ Not possible like this: ${harmless(problem)}`, width, '  ')),
  );
  if (choices.length > 0) console.write('  These would work:');
  for (const [index, choice] of choices.entries())
    console.write(wrap(`  ${index + 1}  ${harmless(choice.words)}`, width, '     '));
}

/** Another choice that would work; one that says nothing to fill the form in again; null to leave. */
async function chosen(
  { console }: Desk,
  choices: readonly Choice[],
): Promise<Pick<Choice, 'runbook' | 'parameters'> | null> {
  const numbers = choices.length > 0 ? 'A number, or ' : '';
  const typed = await console.ask(`${numbers}Enter to fill it in again, q to leave: `);
  if (typed === null || /^q(uit)?$/i.test(typed.trim())) return null;
  return choices[Number(typed) - 1] ?? { parameters: {} };
}

/** Holds what was filled in against live Azure and against the runbook's own rules. */
async function check(
  { engine, zone }: Desk,
  runbook: Runbook,
  app: ProtectedApp,
  known: JsonObject,
  speaking: Speaking,
): Promise<{ readonly parameters: JsonObject } | Refusal> {
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
