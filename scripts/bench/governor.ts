import { createGovernor } from '../../src/chat/governor';
import type { Table } from './measures';

const HOUR = 3_600_000;
const ASKED = 200_000;

/** How many new messages the governor lets into one conversation that always has more, and how fast it decides. */
export function governor(): Table {
  const sent = sentWithin(HOUR);
  const within = (ms: number) => String(sent.filter((at) => at < ms).length);
  return {
    title: 'Messages through the governor',
    rows: [
      ['', 'sent', "Teams' limit"],
      ['one conversation, first second', within(1_000), '7'],
      ['one conversation, first 2 seconds', within(2_000), '8'],
      ['one conversation, first 30 seconds', within(30_000), '60'],
      ['one conversation, first hour', within(HOUR), '1800'],
      ['decisions a second, over 100 conversations', decisionsASecond().toFixed(0), 'none'],
    ],
  };
}

/** The moments, in milliseconds, at which messages may go out when there are always more. */
function sentWithin(ms: number): readonly number[] {
  let at = 0;
  const moments: number[] = [];
  const { ask } = createGovernor(() => new Date(at), []);
  while (at < ms) {
    const wait = ask('one', 'new');
    if (wait === 0) moments.push(at);
    else at += wait;
  }
  return moments;
}

function decisionsASecond(): number {
  let at = 0;
  const { ask } = createGovernor(() => new Date(at), []);
  const begun = performance.now();
  for (let turn = 0; turn < ASKED; turn += 1) {
    at += 1;
    ask(`conversation ${turn % 100}`, 'new');
  }
  return ASKED / ((performance.now() - begun) / 1000);
}
