import type { EventData } from '@azure/arm-monitor';
import { traceIn } from '../../src/azure/trace';

const event = (
  minute: number,
  status: string,
  correlationId = 'a',
  more: Partial<EventData> = {},
): EventData => ({
  eventTimestamp: new Date(Date.UTC(2026, 10, 23, 10, minute)),
  status: { value: status },
  correlationId,
  ...more,
});

test('a request that the log has not seen may still have happened', () => {
  expect(traceIn([])).toEqual({ state: 'not seen' });
});

test.each([
  [['Started'], 'running'],
  [['Started', 'Accepted'], 'running'],
  [['Started', 'Succeeded'], 'succeeded'],
  [['Started', 'Accepted', 'Succeeded'], 'succeeded'],
  [['Started', 'Failed'], 'refused'],
])('events %j say that the request is %s', (statuses, state) => {
  expect(traceIn(statuses.map((status, minute) => event(minute, status)))).toEqual({ state });
});

test('a request that Azure accepted and could not do has failed for the reason in the log', () => {
  const properties = {
    statusMessage: JSON.stringify({ error: { code: 'NoCapacity', message: 'Region is full.' } }),
  };

  const trace = traceIn([event(0, 'Accepted'), event(5, 'Failed', 'a', { properties })]);

  expect(trace).toEqual({ state: 'failed', reason: 'Region is full. (NoCapacity)' });
});

test.each([
  [{ properties: { statusMessage: 'gone wrong' } }, 'gone wrong'],
  [{ subStatus: { value: 'Conflict' } }, 'Conflict'],
  [{}, 'no reason given'],
])('a failure with %j has the reason %j', (more, reason) => {
  const trace = traceIn([event(0, 'Accepted'), event(5, 'Failed', 'a', more)]);

  expect(trace).toEqual({ state: 'failed', reason });
});

test('a request that was refused first and accepted when sent again is under way', () => {
  const events = [event(0, 'Failed', 'first'), event(3, 'Accepted', 'second'), event(2, 'Started', 'second')];

  expect(traceIn(events)).toEqual({ state: 'running' });
});
