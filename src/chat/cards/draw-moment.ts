import { z } from 'zod/v4';
import type { OfferedMoment } from '../../engine/runbook';
import type { Json, JsonObject } from '../../incidents/json';
import { cut } from '../../words/plain';
import { sayTime } from '../../words/say-time';
import type { CardAction, Sign } from '../action';
import { type Button, button } from './button';

const moment = z.object({
  ...{
    label: z.string(),
    short: z.string(),
    words: z.string(),
    happened: z.iso.datetime(),
    from: z.string(),
  },
  parameters: z.record(z.string(), z.json()),
  possibleFrom: z.iso.datetime().nullable(),
});

/** The moments that a form offers; none where its runbook gives none. */
export const momentsIn = (value: Json | undefined): readonly OfferedMoment[] =>
  z.array(moment).parse(value ?? []);

/** Teams cuts a button off at the edge of the card; on a phone that is not wide. */
const WIDEST_BUTTON = 48;

const wholeSecond = (time: string): Date => new Date(Math.floor(Date.parse(time) / 1000) * 1000);

/** Where a moment is drawn: who signs, what comes back with the request, and how times are said. */
interface Drawing {
  readonly sign: Sign;
  readonly known: JsonObject;
  readonly now: Date;
  readonly zone: string;
}

/**
 * An offered moment for the card: what happened, when in the person's zone, in UTC and as a distance, and the button
 * that goes back behind it. Where Azure cannot go there yet, there is no button, and it is said from when on it can.
 */
export function drawMoment(
  { label, short, words, happened, from, parameters, possibleFrom }: OfferedMoment,
  request: (parameters: JsonObject) => CardAction,
  { sign, known, now, zone }: Drawing,
): { readonly words: string; readonly when: string; readonly notYet: string; readonly buttons: Button[] } {
  const speaking = { now, zone, locale: 'en-GB' };
  // To the second: finer than that nobody reads, and what the button asks for is exact.
  const said = sayTime(wholeSecond(happened), speaking);
  const possible = possibleFrom === null ? null : sayTime(new Date(possibleFrom), speaking);
  // The day only where it is another one: a button has room for a few words.
  const [clock = '', day = ''] = said.local.replace(/ \([^)]*\)$/, '').split(' on ');
  const isToday = sayTime(now, speaking).local.includes(` on ${day} (`);
  const when = `${clock}${isToday ? '' : ` on ${day}`}`;
  const full = `${label} ${words}, ${when}`;
  const title = full.length <= WIDEST_BUTTON ? full : `${short}, ${when}`;
  return {
    words: cut(words, 200),
    when: `${said.text} · ${from}`,
    notYet: possible
      ? `Not in the backups yet: Azure can go back there from ${possible.local.replace(/ on .*\(/, ' (')} on (${possible.utc}, ${possible.ago}).`
      : '',
    buttons: possible ? [] : [button(sign, request({ ...known, ...parameters }), title)],
  };
}
