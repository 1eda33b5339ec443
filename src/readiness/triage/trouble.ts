import type { Answer, Question } from './answers';

/** What somebody's own words say about a disaster. */
export interface Trouble {
  /** Whether they surely mean that something is broken; otherwise looking is offered, not done. */
  readonly sure: boolean;
  /** The questions that they answer by the way: "data is gone", "users cannot sign in". */
  readonly said: { readonly [question in Question]?: Answer['value'] };
}

const surely = [
  /\b(down|offline|unreachable|unavailable|unresponsive|broken|dead|outage|disaster|emergency|hangs?|hanging)\b/,
  /\bcrash(ed|es|ing)?\b/,
  /(?:\b(?:not|never|stopped|no longer)|n't) (be )?(work|load|open|start|respond|answer|reach|runn?)(s|ing|able)?\b/,
  /\b(can ?not|can't|could not|couldn't|unable to) (be )?(reach|open|load|access|use|sign|log)/,
  /\b(log-?ins?|sign-?ins?|sign in|log in) (is |are )?(fail|broken|do(es)?n't|do(es)? not|not)/,
  /\b(gone|lost|missing|deleted|wiped|vanished|disappeared|erased|corrupt(ed)?|truncated|purged)\b/,
  /\b(http )?50[0234]\b/,
  /\berrors?\b/,
] as const;

const perhaps =
  /\b(slow|wrong|strange|weird|problems?|issues?|trouble|fails?|failing|failed|panic|urgent|sos)\b/;

/**
 * Reads whether words tell of a disaster, and what they state about it. A question states nothing, and neither does
 * a denial: "is the data gone?" and "nothing was deleted" answer no question for others. Null: no sign of trouble.
 */
export function troubleIn(words: string): Trouble | null {
  const text = words.toLowerCase().replaceAll('’', "'");
  const clauses = text.match(/[^.!?;,\n]+[.!?;,\n]*/g) ?? [];
  const stated = clauses.filter(
    (clause) => !clause.includes('?') && !/^\s*(is|are|was|were|did|do|does|can|has|have)\b/.test(clause),
  );
  const said = Object.assign({}, ...stated.map(dataIn), ...stated.map(signInIn)) as Trouble['said'];
  const sure = surely.some((pattern) => pattern.test(text)) || Object.values(said).includes('no');
  return sure || perhaps.test(text) ? { sure, said } : null;
}

const things = '(data|requests?|rows?|records?|entries|items|orders|tables|settings|apps|everything)';
const lost =
  '(gone|lost|missing|deleted|wiped|vanished|disappeared|erased|corrupt|corrupted|truncated|wrong|destroyed)';
const isLost = new RegExp(`\\b${things}\\b[^,;]{0,40}\\b${lost}\\b`);
const wasDeleted = new RegExp(
  `\\b(deleted|wiped|lost|erased|removed|truncated|dropped)\\b[^,;]{0,40}\\b${things}\\b`,
);
const isRight = new RegExp(
  `\\b${things}\\b (is|are|looks?) (\\w+ )?(right|fine|ok|okay|correct|complete|intact|good|there)\\b`,
);
const denial =
  /\b(not|no|never|nothing|none|without|isn't|aren't|wasn't|weren't|hasn't|haven't|don't|doesn't)\b/;

function dataIn(clause: string): Trouble['said'] {
  const denied = denial.test(clause);
  if (isRight.test(clause)) return { data: denied ? 'no' : 'yes' };
  if (denied) return {};
  return isLost.test(clause) || wasDeleted.test(clause) ? { data: 'no' } : {};
}

const cannot =
  /\b(can ?not|can't|could not|couldn't|unable to|nobody can|no one can|not able to) (sign|log)[ -]?(in|on)\b/;
const fails =
  /\b(log-?ins?|sign-?ins?|log in|sign in|signing in|logging in) (is |are )?(fail|broken|down|do(es)?n't work|do(es)? not work|not work)/;
const works = /\b(can|able to) (still )?(sign|log)[ -]?(in|on)\b/;

function signInIn(clause: string): Trouble['said'] {
  if (cannot.test(clause) || fails.test(clause)) return { 'sign-in': 'no' };
  return works.test(clause) && !denial.test(clause) ? { 'sign-in': 'yes' } : {};
}
