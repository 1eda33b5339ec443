import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { retryAfterIn } from '../../src/azure/retry-after';

const date = 'Mon, 23 Nov 2026 10:00:00 GMT';

test.each([
  [{ 'retry-after': '15' }, 15_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'x-ms-retry-after-ms': '250' }, 250],
  [{ 'retry-after-ms': '250', 'retry-after': '15' }, 250],
  [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT', date }, 30_000],
  [{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT', date }, 0],
  [{ 'retry-after': '-3' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
])('reads the wait that Azure asks for from %j', (headers, expected) => {
  expect(retryAfterIn(createHttpHeaders(headers))).toBe(expected);
});
