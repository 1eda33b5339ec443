import type { JournalEntry } from '../../src/simulator/journal';
import { isObject } from '../../src/simulator/teams/card';
import type { Message } from '../../src/simulator/teams/store';
import type { Unit } from './store-tap';
import type { Statement } from './wire';

/**
 * A moment of a run in which the bot can die, named so that it is found again in another run: where, what, and which
 * side of it. `timeline before`: about to be written down. `timeline after`: written down, the bot not told.
 * `azure after`: Azure has done it, its answer not sent. `teams after`: the message stands, its answer not sent.
 */
export interface Boundary {
  readonly where: 'timeline' | 'azure' | 'teams' | 'outbox' | 'engine' | 'answer';
  readonly when: 'before' | 'after';
  readonly what: string;
}

export const keyOf = ({ where, when, what }: Boundary): string => `${where} ${when} ${what}`;

/** A name without what differs from run to run. */
const plain = (name: string): string =>
  name
    .replace(/inc\d+-\d+:?/g, '')
    .replace(/:inc\d+/g, '')
    .replace(/-(restored|old)-[^/@?]*/g, '-$1')
    .replace(/answer:\d+/g, 'answer')
    .replace(/:$/, '');

/** The boundary at a unit of writes into the store; null for those that carry no run. */
export function writeBoundary(unit: Unit, when: 'before' | 'after'): Boundary | null {
  for (const { sql, values } of unit) {
    const words = sql.replace(/\s+/g, ' ').toLowerCase();
    if (words.includes('insert into timeline ')) return at('timeline', when, entryName(values));
    if (words.includes(`update outbox set state = 'sending'`))
      return at('outbox', when, values[0], 'sending ');
    if (words.includes(`update outbox set state = 'sent'`)) return at('outbox', when, values[0], 'sent ');
    if (words.includes('.operation_outputs')) return recorded({ sql: words, values }, when);
  }
  return null;
}

/** What a timeline entry is called in every run: its id, or for what a person said, what and about which stage. */
function entryName([, , id, , type, , , , event]: Statement['values']): string {
  if (!id?.includes(':said:')) return id ?? '';
  const said: unknown = JSON.parse(event ?? '{}');
  return `${type} ${isObject(said) ? String(said['stage'] ?? '') : ''}`;
}

/** Which step of which workflow was recorded, by DBOS's own columns. */
function recorded({ sql, values }: Statement, when: 'before' | 'after'): Boundary | null {
  const columns = /operation_outputs \(([^)]*)\)/.exec(sql)?.[1]?.split(',') ?? [];
  const value = (name: string) => values[columns.findIndex((column) => column.trim() === name)];
  const workflow = value('workflow_uuid');
  return at('engine', when, workflow && `${plain(workflow) || 'conduct'} ${value('function_name')}`);
}

/** The boundary between a request's effect in Azure and its answer; changes are told from readings. */
export function azureBoundary({ method, url }: JournalEntry): Boundary | null {
  const { host, pathname } = new URL(url);
  const name = pathname.replace(/^.*\/providers\//, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…');
  return at('azure', 'after', `${method} ${host === 'management.azure.com' ? plain(name) : host}`);
}

/** The boundary between a message or redraw in Teams and its answer. */
export function teamsBoundary(message: Message, what: 'message' | 'update'): Boundary | null {
  if (message.from.kind !== 'bot') return null;
  return at('teams', 'after', markOf(message) ?? message.text.split(' ')[0], `${what} `);
}

/** The boundary between the bot's answer to an activity and Teams hearing it. */
export function answerBoundary(activity: unknown): Boundary | null {
  if (!isObject(activity)) return null;
  const { value, type } = activity;
  const action = isObject(value) && isObject(value['action']) ? value['action'] : {};
  return at(
    'answer',
    'after',
    `${String(type)} ${String(action['verb'] ?? '')} ${String(action['title'] ?? '')}`,
  );
}

/** The id under which the bot knows one of its cards, which it carries invisibly; null for a line of text. */
export function markOf({ card }: Message): string | null {
  const body = card?.['body'];
  const mark = (Array.isArray(body) ? body : [])
    .filter(isObject)
    .find(({ id }) => String(id).startsWith('dr:'));
  return mark ? String(mark['id']).slice('dr:'.length) : null;
}

const at = (
  where: Boundary['where'],
  when: Boundary['when'],
  what: string | null | undefined,
  before = '',
): Boundary | null => (what ? { where, when, what: plain(`${before}${what}`).trim() } : null);
