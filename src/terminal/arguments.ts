import { parseArgs } from 'node:util';
import type { Decision } from '../incidents/event';

/** What was asked for on the command line. */
export interface Asked {
  readonly kind: 'play';
  /** A runbook's name, or what one would type to the bot; empty to see what there is. */
  readonly words: string;
  /** An incident that exists, as `inc7`; its run is followed, or a new one begun in it. */
  readonly incident: string | null;
  readonly app: string | null;
  /** Inputs of the form by their names. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Answers to gates by their stages' names. */
  readonly answers: Readonly<Record<string, string>>;
  /** Whether every gate that this person may answer is answered by going on. */
  readonly approve: boolean;
  readonly reason: string;
  /** Whether to go ahead alone at a gate, where the estate lets this person. */
  readonly breakGlass: boolean;
  /** Whether a value that the run waits for is what is piped in. */
  readonly valueFromInput: boolean;
  /** What to do when the run pauses. */
  readonly decision: Decision | null;
  /** A wish to stop the run, with the reason; null without one. */
  readonly abort: string | null;
  /** Whether to go on following while others decide, where nobody can be asked here. */
  readonly wait: boolean;
}

/** The command line as it was meant, a wish for help, or what is wrong with it. */
export type Arguments =
  | Asked
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly words: string };

const options = {
  incident: { type: 'string' },
  app: { type: 'string' },
  set: { type: 'string', multiple: true },
  answer: { type: 'string', multiple: true },
  approve: { type: 'boolean' },
  reason: { type: 'string' },
  retry: { type: 'boolean' },
  skip: { type: 'boolean' },
  undo: { type: 'boolean' },
  stop: { type: 'boolean' },
  abort: { type: 'boolean' },
  'break-glass': { type: 'boolean' },
  'value-stdin': { type: 'boolean' },
  wait: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads a command line. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return { kind: 'help' };
    const [first = '', ...others] = positionals;
    const named = /^inc\d+(-\d+)?$/i.test(first);
    const incident = values.incident ?? (named ? first : null);
    const reason = values.reason ?? '';
    return {
      ...{ kind: 'play', words: (named ? others : positionals).join(' ').trim(), app: values.app ?? null },
      incident: incident === null ? null : incident.toLowerCase().replace(/-\d+$/, ''),
      inputs: pairs('set', values.set),
      answers: pairs('answer', values.answer),
      ...{ approve: values.approve ?? false, wait: values.wait ?? false, reason },
      decision: decisionIn(values, reason),
      breakGlass: values['break-glass'] ?? false,
      valueFromInput: values['value-stdin'] ?? false,
      abort: values.abort ? reason : null,
    };
  } catch (error) {
    return { kind: 'wrong', words: error instanceof Error ? error.message : String(error) };
  }
}

function pairs(option: string, given: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1)
        throw new Error(`--${option} takes a name and a value: --${option} name=value, not "${text}".`);
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    }),
  );
}

function decisionIn(
  given: { readonly [choice in Decision['choice']]?: boolean | undefined },
  reason: string,
): Decision | null {
  const chosen = (['retry', 'skip', 'undo', 'stop'] as const).filter((choice) => given[choice]);
  if (chosen.length > 1) throw new Error(`--${chosen.join(' and --')} are different decisions. Give one.`);
  const [choice] = chosen;
  if (choice === undefined) return null;
  if (choice === 'retry' || choice === 'undo') return { choice };
  if (choice === 'skip' && reason === '')
    throw new Error('--skip leaves a step out, so it needs --reason "why this may be left out".');
  return { choice, reason };
}
