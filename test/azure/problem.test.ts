import { startExchange } from '../../src/azure/exchange';
import { azureProblem } from '../../src/azure/problem';

test('of a secret that stands where a long message is cut, nothing is said', () => {
  const error = new Error(`${'so '.repeat(130)}eyJhbGciOiJI.eyJzdWIiOiIxMjM0NTY3ODkw.c2lnbmF0dXJl`);
  const { message } = azureProblem(error, { doing: 'Reading', resource: 'it' }, startExchange(1_000));
  expect(message).toMatch(/ so \[hidden\]/);
  expect(message).not.toContain('eyJ');
});
