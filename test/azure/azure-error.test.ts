import { azureErrorIn, stateIn } from '../../src/azure/azure-error';

test.each([
  [{ error: { code: 'ScopeLocked', message: 'locked' } }, { code: 'ScopeLocked', message: 'locked' }],
  [{ error: { code: 'Conflict' } }, { code: 'Conflict', message: '' }],
  [
    { Code: 'NotFound', Message: 'no such site' },
    { code: 'NotFound', message: 'no such site' },
  ],
  [{ properties: { error: { code: 'X', message: 'y' } } }, { code: 'X', message: 'y' }],
  [{ error: 'invalid_client' }, null],
  ['<html>Bad gateway</html>', null],
  [null, null],
])('finds the error in %j', (body, expected) => {
  expect(azureErrorIn(body)).toEqual(expected);
});

test.each([
  [
    { status: 'InProgress', percentComplete: 40 },
    { status: 'inprogress', percent: 40 },
  ],
  [{ status: 'Cancelled' }, { status: 'canceled', percent: null }],
  [
    { status: 'Running', percentComplete: 'half' },
    { status: 'running', percent: null },
  ],
  [{ value: [] }, null],
])('reads how far a long-running operation is from %j', (body, expected) => {
  expect(stateIn(body)).toEqual(expected);
});
