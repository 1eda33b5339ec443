import type { Compiled } from '../../engine/runbook';

/** No plan, and why: a code for programs and a sentence for people. */
export const refuse = (code: string, what: string): Exclude<Compiled, { plan: unknown }> => ({
  refused: { what, code, status: null, detail: '' },
  choices: [],
});
