import { known } from '../../src/readiness/known';
import { refusal } from '../support/refusal';

test('what is read in time is known', async () => {
  expect(await known(Promise.resolve(7), 1_000)).toEqual({ value: 7 });
});

test('what Azure refuses is unknown, with its code', async () => {
  const reading = Promise.reject(refusal('AuthorizationFailed', { status: 403 }));
  expect(await known(reading, 1_000)).toEqual({ unknown: 'could not be read (AuthorizationFailed)' });
});

test('what does not come in time is unknown, and costs no more than its time', async () => {
  expect(await known(new Promise(() => undefined), 20)).toEqual({ unknown: 'no answer within 0 s' });
});

test('a mistake of ours is not taken for an Azure that does not answer', async () => {
  await expect(known(Promise.reject(new TypeError('a bug')), 1_000)).rejects.toThrow('a bug');
});
