import type { IncidentView } from '../engine/engine';
import type { ProtectedApp } from '../engine/estate';
import type { GateStage, Plan, Stage } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { actorName } from '../words/actor-name';
import { sayCount, sayJson, sayList, sayMinutes } from '../words/say';
import { harmless, type Look, paintOf, wrap } from './look';

/** A plan as somebody reads it who will have to say yes to it: the cost, each step to the letter, who decides. */
export function drawPlan(view: IncidentView, run: RunState, app: ProtectedApp | null, look: Look): string {
  const { plan, planHash } = run;
  if (!plan) return '';
  const { bold, dim, warning } = paintOf(look);
  const line = (words: string, indent = '  ') => wrap(`${indent}${harmless(words)}`, look.width, indent);
  const drift = run.drift && run.round > 1 ? run.drift.changes : [];
  return [
    '',
    bold(wrap(`PLAN  ${harmless(plan.title)}`, look.width, '      ')),
    dim(
      wrap(
        `      ${run.run} · ${plan.app} · asked by ${harmless(actorName(run.requester))} · plan ${(planHash ?? '').slice(0, 8)}, version ${run.round}`,
        look.width,
        '      ',
      ),
    ),
    ...(view.simulated
      ? [dim('      Simulated Azure: no real system is changed, and its times are not real.')]
      : []),
    '',
    ...(drift.length > 0
      ? [
          warning('  Azure has changed since the last version of this plan, so its answers do not count:'),
          ...drift.map(({ field, was, is }) =>
            line(`${field}: was ${sayJson(was)}, is now ${sayJson(is)}`, '    '),
          ),
          '',
        ]
      : []),
    cost('Data that will be lost', plan.loss.minutes, plan.loss.words, look),
    cost('Until it is done', plan.duration.minutes, plan.duration.words, look),
    '',
    ...plan.notices.map((notice) =>
      wrap(`  ! ${harmless(notice)}`, look.width, '    ').replace('!', warning),
    ),
    ...(plan.notices.length > 0 ? [''] : []),
    ...drawStages(plan, plan.stages, app, look),
  ].join('\n');
}

function cost(title: string, minutes: number | null, words: string, look: Look): string {
  const value = sayMinutes(minutes);
  const line = `  ${title.padEnd(24)}${value.padEnd(Math.max(10, value.length + 2))}${harmless(words)}`;
  // Wrapped first: what paints takes no room.
  return wrap(line, look.width, ' '.repeat(36)).replace(value, paintOf(look).bold);
}

/** Stages of a plan with their numbers in it. */
export function drawStages(
  plan: Plan,
  stages: readonly Stage[],
  app: ProtectedApp | null,
  look: Look,
): readonly string[] {
  const { bold, dim, warning } = paintOf(look);
  const counted = plan.stages.filter((stage) => stage.kind !== 'gate');
  const under = (words: string) => wrap(`      ${harmless(words)}`, look.width, '        ');
  return stages.flatMap((stage) => {
    if (stage.kind === 'gate')
      return [
        `  ${warning('◆')}   ${bold(harmless(stage.title))}${dim(` · ${whoDecides(plan, stage, app)}`)}`,
      ];
    const number = `${counted.indexOf(stage) + 1}.`.padEnd(4);
    const time = stage.expectedMinutes === null ? 'time unknown' : sayMinutes(stage.expectedMinutes);
    const title = wrap(`  ${number}${harmless(stage.title)} · ${time}`, look.width, '      ');
    if (stage.kind === 'check') return [title, dim(under('Reads only, changes nothing.'))];
    return [
      title,
      dim(under(stage.operation)),
      'irreversible' in stage.back
        ? warning(under(`Changes ${stage.target}. CANNOT BE UNDONE: ${stage.back.irreversible}`))
        : dim(
            under(
              `Changes ${stage.target}. ${stage.back.undo.length > 0 ? 'Can be taken back.' : 'There is nothing to take back.'}`,
            ),
          ),
    ];
  });
}

function whoDecides(plan: Plan, stage: GateStage, app: ProtectedApp | null): string {
  // The plan carries what people sign; an older one leaves it to the estate.
  const policy = plan.policies?.[stage.policy] ?? app?.gates[stage.policy];
  if (!policy) return 'people decide';
  const { needs, expiresAfterMinutes } = policy;
  const who = sayList(needs.map(({ count, role }) => sayCount(count, role)));
  const [goesOn] = stage.options;
  return `${goesOn?.needsQuorum ? `${who}, not the one who asked` : 'one answer is enough'} · within ${sayMinutes(expiresAfterMinutes)}`;
}
