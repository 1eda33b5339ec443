import type { Person } from '../../engine/approval';
import type { CommandSpec } from '../../words/command';
import { cut, plain } from '../../words/plain';
import { type Card, fitting, renderCard } from './render-card';

/** What help needs to know of a command. */
export type HelpCommand = Pick<CommandSpec, 'name' | 'summary' | 'examples' | 'effect' | 'may'>;

/** What a person may do in this place; commands for other roles are named, so that one knows whom to ask. */
export function drawHelp(commands: readonly HelpCommand[], person: Person, app: string | null): Card {
  const allowed = commands.filter((command) => mayUse(command, person));
  const others = commands.filter((command) => !mayUse(command, person));
  const roles = person.roles.length > 0 ? person.roles.join(', ') : 'no role here: you may look';
  return fitting((limits) =>
    renderCard('help', {
      who: cut(`${person.name} · ${roles}${app ? ` · ${app}` : ''}`, 160),
      commands: allowed.slice(0, limits.rows).map(({ name, summary, examples, effect }) => ({
        name: cut(name, 40),
        summary: cut(summary, limits.text),
        examples: cut(
          examples.map((example) => `@dr ${example.replace(/^@dr\s+/i, '')}`).join('  ·  '),
          limits.text,
        ),
        effect: effect === 'changes' ? '  · makes changes' : '',
      })),
      more: allowed.length > limits.rows ? `… and ${allowed.length - limits.rows} more` : '',
      denied:
        others.length === 0
          ? ''
          : cut(
              `For other people: ${others.map(({ name, may }) => `${name} (${who(may)})`).join(', ')}`,
              limits.text,
            ),
      fallback: plain(`You may: ${allowed.map(({ name }) => name).join(', ')}`, 300),
    }),
  );
}

const mayUse = ({ may }: HelpCommand, person: Person): boolean =>
  may === 'anyone' || may.some((role) => person.roles.includes(role));

const who = (may: HelpCommand['may']): string => (may === 'anyone' ? 'anyone' : may.join(' or '));
