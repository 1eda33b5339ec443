import { gateClosing, gateOf, type Person, voteRefusal } from '../engine/approval';
import type { ProtectedApp } from '../engine/estate';
import type { GateOption } from '../incidents/plan';
import type { GateState, RunState } from '../incidents/run-state';
import { actorName } from '../words/actor-name';
import { findingsFor, isFirstGate, stagesUpToNextGate } from '../words/around-gate';
import { answersData, expiryWords, untilWords } from '../words/gate-parts';
import { sayClockUtc } from '../words/say';
import { missingWords } from '../words/situation';
import { personWords } from './desk';
import { drawStages } from './draw-plan';
import { harmless, type Look, paintOf, wrap } from './look';

/** One answer to a gate, and why this person may not give it; null when they may. */
export interface GateAnswer {
  readonly option: GateOption;
  readonly refusal: string | null;
}

/** The answers of a gate for one person. */
export function gateAnswers(run: RunState, stage: string, person: Person, now: Date): readonly GateAnswer[] {
  if (!run.plan) return [];
  return gateOf(run.plan, stage).options.map((option) => ({
    option,
    refusal: voteRefusal(run, stage, option.choice, person, now)?.words ?? null,
  }));
}

/** A question that waits for people: what it is about, what follows, what this person can answer. */
export function drawGate(
  run: RunState,
  gate: GateState,
  { person, app, now, look }: { person: Person; app: ProtectedApp | null; now: Date; look: Look },
): string {
  const { plan } = run;
  if (!plan) return '';
  const { bold, dim, bad, good, warning } = paintOf(look);
  const stage = gateOf(plan, gate.stage);
  const line = (words: string) => wrap(`  ${harmless(words)}`, look.width, '  ');
  const findings = findingsFor(run, plan, gate.stage);
  const next = isFirstGate(plan, gate.stage) ? [] : stagesUpToNextGate(plan, gate.stage);
  const answers = gateAnswers(run, gate.stage, person, now);
  const meanings = answersData(stage, gate, stagesUpToNextGate(plan, gate.stage).length === 0);
  const longest = Math.max(12, ...stage.options.map((option) => option.label.length + 1));
  const refusals = [...new Set(answers.flatMap(({ refusal }) => refusal ?? []))];
  return [
    '',
    `${warning('◆')} ${bold(`A DECISION IS NEEDED: ${harmless(stage.title)}`)}`,
    wrap(`  ${harmless(stage.question)}`, look.width, '  '),
    '',
    ...findings.map(({ what, expected, found, ok }) => {
      const words = line(`${ok ? '✓' : '✗'} ${what}: ${found}${ok ? '' : `, not as expected (${expected})`}`);
      return ok ? good(words) : bad(words);
    }),
    ...(findings.length > 0 ? [''] : []),
    ...(next.length > 0 ? [dim('  What comes next'), ...drawStages(plan, next, app, look), ''] : []),
    line(
      `Still needed: ${missingWords(run, gate)}. Open until ${untilWords(gate)}. ${expiryWords(stage, gate)}`,
    ),
    ...gate.votes.map((vote) => {
      const label = stage.options.find(({ choice }) => choice === vote.choice)?.label ?? vote.choice;
      const why = vote.reason.trim() === '' ? '' : ` “${vote.reason}”`;
      return line(`${label}: ${actorName(vote.by)} at ${sayClockUtc(vote.at)}${why}`);
    }),
    line(`You are ${personWords(person)}.`),
    ...refusals.map((refusal) => warning(line(`✗ ${refusal}`))),
    '',
    ...answers.map(({ option, refusal }, index) => {
      const label = harmless(option.label).padEnd(longest);
      const meaning = harmless(String(meanings[index]?.['words'] ?? ''));
      const mine = refusal === null ? '' : '(not you) ';
      const wrapped = wrap(`  ${index + 1}  ${label} ${mine}${meaning}`, look.width, ' '.repeat(longest + 6));
      return refusal === null ? wrapped : dim(wrapped);
    }),
  ].join('\n');
}

/** The gates of a run that wait for an answer now, in the plan's order. */
export function openGates(run: RunState, now: Date): readonly GateState[] {
  const { plan } = run;
  if (!plan || run.finished || run.driftOpen || run.pause) return [];
  // It is being stopped or taken back: no answer would change that.
  if (run.abort || run.wish || run.undo) return [];
  return plan.stages.flatMap(({ name }) => {
    const gate = run.gates[name];
    if (!gate || gate.closed || gate.round < run.round) return [];
    // Its last answer is given; that it is closed will be written down in a moment.
    return gateClosing(plan, gate, now) ? [] : [gate];
  });
}
