import fc from 'fast-check';
import { fixedZone, type WallTime, type Zone, zoneOf } from '../../src/words/zone';

function zoneNamed(name: string): Zone {
  const zone = zoneOf(name);
  if (zone === undefined) throw new Error(`This machine does not know the zone ${name}`);
  return zone;
}

function wall(text: string): WallTime {
  const utc = new Date(`${text}Z`);
  return fixedZone(0).wallAt(utc);
}

test.each([
  ['Europe/Berlin', '2026-01-15T10:00', '2026-01-15T09:00:00.000Z'],
  ['Europe/Berlin', '2026-07-15T10:00', '2026-07-15T08:00:00.000Z'],
  ['America/New_York', '2026-01-15T10:00', '2026-01-15T15:00:00.000Z'],
  ['Asia/Kolkata', '2026-07-15T10:00:30.250', '2026-07-15T04:30:30.250Z'],
  ['Australia/Lord_Howe', '2026-01-15T10:00', '2026-01-14T23:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-07-15T10:00', '2026-07-14T23:30:00.000Z'],
  ['UTC', '2026-01-15T10:00', '2026-01-15T10:00:00.000Z'],
])('in %s a wall showing %s stands for %s', (name, shown, instant) => {
  expect(zoneNamed(name).resolve(wall(shown))).toEqual({ kind: 'one', at: new Date(instant) });
});

test.each([
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
  ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
])('in %s the clocks show %s twice', (name, shown, earlier, later) => {
  expect(zoneNamed(name).resolve(wall(shown))).toEqual({
    kind: 'fold',
    earlier: new Date(earlier),
    later: new Date(later),
  });
});

test.each([
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z'],
  ['America/New_York', '2026-03-08T02:30', '2026-03-08T06:30:00.000Z', '2026-03-08T07:30:00.000Z'],
  ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:15:00.000Z', '2026-10-03T15:45:00.000Z'],
])('in %s the clocks never show %s', (name, shown, earlier, later) => {
  expect(zoneNamed(name).resolve(wall(shown))).toEqual({
    kind: 'gap',
    earlier: new Date(earlier),
    later: new Date(later),
  });
});

test.each(['', 'Nowhere/Land', 'Europe/Berlin; DROP', '../etc'])('there is no zone called "%s"', (name) => {
  expect(zoneOf(name)).toBeUndefined();
});

test('every instant is among those that its own wall time stands for', () => {
  const names = [
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
  ];
  const zones = names.map(zoneNamed);
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ min: new Date('2000-01-01'), max: new Date('2037-12-31'), noInvalidDate: true }),
      (zone, at) => {
        const resolved = zone.resolve(zone.wallAt(at));
        const instants = resolved.kind === 'one' ? [resolved.at] : [resolved.earlier, resolved.later];
        expect(resolved.kind).not.toBe('gap');
        expect(instants).toContainEqual(at);
      },
    ),
    { numRuns: 300 },
  );
});
