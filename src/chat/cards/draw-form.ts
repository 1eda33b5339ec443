import type { Choice, FormData, Runbook } from '../../engine/runbook';
import type { Json, JsonObject } from '../../incidents/json';
import { capped, cut, plain } from '../../words/plain';
import { sayTime } from '../../words/say-time';
import type { Sign } from '../action';
import { button } from './button';
import { drawMoment, momentsIn } from './draw-moment';
import { type Card, fitting, inputsOf, renderCard } from './render-card';

/** What stands around a runbook's own form values. */
export interface FormOptions {
  readonly app: string;
  readonly now: Date;
  /** The person's IANA zone; without one, times are read and shown in UTC, and the form says so. */
  readonly zone?: string | undefined;
  /** The moment in the person's own words, to be shown in the input again. */
  readonly time?: string | undefined;
  /** How those words were read: local, UTC and distance. */
  readonly timeMeans?: string | undefined;
  readonly notices?: readonly string[] | undefined;
  /** What the plan needs besides the inputs; comes back with the request. */
  readonly known?: JsonObject | undefined;
  /** Why the last try was refused, in words. */
  readonly problem?: string | undefined;
  /** What would work instead; its parameters win over what the inputs say. */
  readonly choices?: readonly Choice[] | undefined;
  readonly sign: Sign;
}

const mostChoices = 6;

/**
 * The form that starts a runbook: `cards/<runbook>.json`, filled with the runbook's form values, with the person's
 * own part of them, and with `form`: title, problem and buttons. An instant among the values (`…T10:00:00Z`) comes
 * to the template as `{ local, utc, ago }`. The inputs' ids are the names of the runbook's parameters, and `time`.
 */
export function drawForm(
  runbook: Pick<Runbook, 'name' | 'title' | 'summary'>,
  data: FormData,
  options: FormOptions,
): Card {
  const { app, now, zone, known = {}, problem = '', choices = [], sign } = options;
  const request = (parameters: JsonObject) =>
    ({ verb: 'request', runbook: runbook.name, app, known: parameters }) as const;
  const submit = [button(sign, request(known), 'Show the plan', { style: 'positive' })];
  const instead = choices
    .slice(0, mostChoices)
    .map((choice) => button(sign, request({ ...known, ...choice.parameters }), choice.words));
  const moments = momentsIn(data['moments']);
  const values = {
    ...{ time: options.time ?? '', timeMeans: options.timeMeans ?? '', zone: zone ?? 'UTC' },
    ...{ notices: options.notices ?? [], reason: '', ...data },
    // Drawn apart: what their buttons ask for must not be cut.
    moments: [],
  };
  return fitting((limits) => {
    const fitted = capped(values, { text: Math.min(limits.text, 400), rows: limits.rows });
    return renderCard(runbook.name, {
      ...withTimes(fitted.data, inputsOf(runbook.name), now, zone ?? 'UTC'),
      form: {
        title: cut(runbook.title, 120),
        summary: cut(runbook.summary, limits.text),
        problem: cut(problem, 2 * limits.text),
        choices: instead,
        moments: moments
          .slice(0, limits.rows)
          .map((moment) => drawMoment(moment, request, { sign, known, now, zone: zone ?? 'UTC' })),
        submit,
        cut:
          fitted.dropped.length > 0
            ? `Not everything fits here (${cut(fitted.dropped.join('; '), 120)}).`
            : '',
        fallback: plain(`${runbook.title}: this form needs a newer Teams. Type "@dr help".`, 240),
      },
    });
  });
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/;

/** What stands in an input is the person's own words, and stays so even when they look like an instant. */
const withTimes = (data: JsonObject, inputs: ReadonlySet<string>, now: Date, zone: string): JsonObject =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, inputs.has(name) ? value : said(value, now, zone)]),
  );

function said(value: Json, now: Date, zone: string): Json {
  if (typeof value !== 'string' || !instant.test(value)) return value;
  const { local, utc, ago } = sayTime(new Date(value), { now, zone, locale: 'en-GB' });
  return { local, utc, ago };
}
