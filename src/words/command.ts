import { distance } from 'fastest-levenshtein';

/** A command of the bot as data; help, permissions, confirmation and reading all come from here. */
export type CommandSpec<Args = unknown, Role extends string = string> = {
  readonly name: string;
  /** What people type, without the mention: at least one, of one word or several. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly examples: readonly string[];
  /** Whether it only looks, or changes a run or Azure. */
  readonly effect: 'reads' | 'changes';
  readonly may: 'anyone' | readonly Role[];
  /** Reads what follows the command's words. */
  readonly read: (rest: string) => Args;
};

/** What a person's words ask for; `nearest` is offered to them and never run by itself. */
export type Command<Spec> =
  | { readonly kind: 'command'; readonly spec: Spec; readonly rest: string }
  | { readonly kind: 'unknown'; readonly typed: string; readonly nearest: Spec | undefined }
  | { readonly kind: 'empty' };

/**
 * Finds the command that a person's words begin with, in any letter case and after any politeness. Words are
 * compared whole, so "I forgot the category" is not "go"; of several that fit, the longest is meant.
 */
export function readCommand<Spec extends Pick<CommandSpec, 'words'>>(
  text: string,
  specs: readonly Spec[],
): Command<Spec> {
  const typed = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(politeness, '')
    .replace(/^[/!](?=\S)/, '')
    .trim();
  if (typed === '') return { kind: 'empty' };
  const aliases = specs.flatMap((spec) =>
    spec.words.map((words) => ({ spec, words: words.toLowerCase().split(/\s+/) })),
  );
  const typedWords = typed.split(' ');
  const bare = typedWords.map(bareWord);
  const meant = aliases
    .filter(({ words }) => words.every((word, index) => word === bare[index]))
    .reduce<Alias<Spec> | undefined>(
      (best, next) => (best && best.words.length >= next.words.length ? best : next),
      undefined,
    );
  if (meant)
    return { kind: 'command', spec: meant.spec, rest: typedWords.slice(meant.words.length).join(' ') };
  return { kind: 'unknown', typed: shorten(typed), nearest: nearestTo(bare, aliases) };
}

type Alias<Spec> = { readonly spec: Spec; readonly words: readonly string[] };

const politeness =
  /^(?:(?:please|pls|hi|hello|hey|ok|okay|now|(?:can|could|would|will) (?:you|we|i|someone)|(?:i|we) (?:want|need|would like) to|let'?s|let’s|go ahead and)(?=$|[\s,.!:;])[\s,.!:;]*)+/i;

const bareWord = (word: string) => word.toLowerCase().replace(/^[("'“]+(?=.)|(?<=.)[.,:;!?)"'”]+$/g, '');

const shorten = (typed: string) => (typed.length > 60 ? `${typed.slice(0, 60)}…` : typed);

function nearestTo<Spec>(typed: readonly string[], aliases: readonly Alias<Spec>[]): Spec | undefined {
  // A command word further on is a better guess than a misspelling: "db restore to 10:00" asks to restore.
  const early = typed.slice(0, 8);
  const further = aliases.find(({ words }) =>
    early.some((_, from) => words.every((word, index) => word === early[from + index])),
  );
  if (further) return further.spec;
  const misspelt = aliases
    .map(({ spec, words }) => {
      const alias = words.join(' ');
      const start = typed
        .slice(0, words.length)
        .join(' ')
        .slice(0, 2 * alias.length);
      const mistakes = distance(start, alias);
      const isNear = mistakes <= mistakesAllowed(alias) && 2 * mistakes <= start.length;
      return { spec, isNear, right: alias.length - mistakes };
    })
    .filter(({ isNear }) => isNear);
  return misspelt.toSorted((a, b) => b.right - a.right)[0]?.spec;
}

/** Two mistakes in five letters ("hlep" is two), and none in the shortest words, where one makes another word. */
function mistakesAllowed(alias: string): number {
  return alias.length <= 2 ? 0 : Math.min(4, Math.ceil(alias.length * 0.4));
}
