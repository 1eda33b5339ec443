import { setTimeout as pause } from 'node:timers/promises';
import type { Azure } from '../../src/azure/azure';
import type { Operation, OperationFacts, Sent } from '../../src/azure/operation';

/** A first sending, intended now. */
export const sent = (requestId: string, more: Partial<Sent> = {}): Sent => ({
  requestId,
  intendedAt: new Date(),
  resumed: false,
  ...more,
});

/** Polls until it is over, as fast as a test may. @throws what the poll throws. */
export async function pollToEnd(azure: Azure, operation: Operation, token: string): Promise<OperationFacts> {
  for (;;) {
    const polled = await azure.handler(operation).poll(operation, token);
    if (polled.state === 'done') return polled.facts;
    await pause(25);
  }
}

/** Begins an operation and waits for its end. */
export async function beginAndWait(
  azure: Azure,
  operation: Operation,
  requestId = 'test',
): Promise<OperationFacts> {
  const begun = await azure.handler(operation).begin(operation, sent(requestId));
  return begun.state === 'done' ? begun.facts : pollToEnd(azure, operation, begun.token);
}
