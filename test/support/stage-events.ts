import type { Event } from '../../src/incidents/event';
import { type RunState, stageState } from '../../src/incidents/run-state';
import { refusedByAzure } from './story';

const operation = { op: 'sql.rename' };

/** A step's intent is written down. */
export const intended = (stage: string, attempt = 1): Event => ({
  type: 'step.intended',
  stage,
  attempt,
  operation,
  requestId: `${stage}-${attempt}`,
});

/** A step worked. */
export const done = (stage: string, attempt = 1): Event => ({
  type: 'step.done',
  stage,
  attempt,
  facts: { databaseId: `id-after-${stage}` },
  adopted: false,
});

/** A step did not work. */
export const failed = (stage: string, attempt = 1): Event => ({
  type: 'step.failed',
  stage,
  attempt,
  problem: refusedByAzure,
});

/** A step is not sent after all, because Azure has drifted. */
export const withdrawn = (stage: string, attempt = 1): Event => ({ type: 'step.withdrawn', stage, attempt });

/** A check begins to look. */
export const begun = (stage: string, attempt = 1): Event => ({ type: 'check.begun', stage, attempt });

/** A check is green. */
export const passed = (stage: string, attempt = 1): Event => ({
  type: 'check.passed',
  stage,
  attempt,
  findings: [{ what: 'Health', expected: 'green', found: 'green', ok: true }],
  facts: {},
});

/** A step from its intent to its end. */
export const stepped = (stage: string, attempt = 1): readonly Event[] => [
  intended(stage, attempt),
  done(stage, attempt),
];

/** A check from its begin to its end. */
export const checked = (stage: string, attempt = 1): readonly Event[] => [
  begun(stage, attempt),
  passed(stage, attempt),
];

/** How a stage stands, in a word. */
export const statusOf = (state: RunState, stage: string): string => stageState(state, stage).status;
