import fc from 'fast-check';
import { canonical } from '../../src/incidents/json';
import { planHash } from '../../src/incidents/plan';
import { gate, planOf, step } from '../support/plans';

test('two objects with the same members in another order have one spelling, at every depth', () => {
  const one = { b: [{ y: 1, x: 2 }], a: { d: null, c: true } };
  const other = { a: { c: true, d: null }, b: [{ x: 2, y: 1 }] };
  expect(canonical(one)).toBe(canonical(other));
  expect(canonical(one)).toBe('{"a":{"c":true,"d":null},"b":[{"x":2,"y":1}]}');
});

test('the order of a list is part of what it says', () => {
  expect(canonical(['a', 'b'])).not.toBe(canonical(['b', 'a']));
});

test('a time is spelled as the store gives it back: ISO 8601 in UTC', () => {
  expect(canonical(new Date('2026-02-14T10:00:00+01:00'))).toBe('"2026-02-14T09:00:00.000Z"');
});

test('a member that is undefined says as much as one that is missing', () => {
  expect(canonical({ a: 1, b: undefined })).toBe(canonical({ a: 1 }));
  expect(canonical([undefined])).toBe('[null]');
});

test('what is spelled can be read back unchanged', () => {
  // JSON knows no negative zero, and neither does the store.
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonical(value))).toEqual(plain(value));
      expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
    }),
    { numRuns: 300 },
  );
});

test('keys go by code units, so that every machine sorts them alike', () => {
  expect(canonical({ ä: 1, z: 2, Z: 3, a: 4 })).toBe('{"Z":3,"a":4,"z":2,"ä":1}');
});

test('the hash of a plan does not depend on the order of its members, and on everything else', () => {
  const plan = planOf([gate('begin', { covers: ['restore'] }), step('restore', { after: ['begin'] })]);
  const turned = Object.fromEntries(Object.entries(plan).reverse());
  expect(planHash({ ...plan, ...turned })).toBe(planHash(plan));
  expect(planHash({ ...plan, observed: { status: 'Paused' } })).not.toBe(planHash(plan));
  expect(planHash({ ...plan, notices: ['one more'] })).not.toBe(planHash(plan));
  const longer = plan.stages.map((stage) => ({ ...stage, title: `${stage.title} ` }));
  expect(planHash({ ...plan, stages: longer })).not.toBe(planHash(plan));
});
