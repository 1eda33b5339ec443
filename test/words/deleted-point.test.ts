import { checkRestorePoint } from '../../src/words/restore-point';

const now = new Date('2026-02-14T12:00:00Z');
const deletedAt = new Date('2026-02-14T11:59:59.700Z');
const window = {
  ...{ now, zone: 'UTC', earliest: new Date('2026-02-07T12:00:00Z'), latest: deletedAt, ended: true },
};
const at = (moment: Date) => checkRestorePoint({ kind: 'instant', at: moment }, window);

test('a deleted database can be restored to the very moment of its deletion', () => {
  expect(at(deletedAt)).toEqual({ ok: true, at: deletedAt });
});

test('a clock that is behind does not put the deletion into the future', () => {
  const behind = { ...window, now: new Date('2026-02-14T11:59:59Z') };
  expect(checkRestorePoint({ kind: 'instant', at: deletedAt }, behind)).toEqual({ ok: true, at: deletedAt });
});

test('a moment after its deletion will never come, and the last one that there is is offered', () => {
  const refused = at(new Date('2026-02-14T11:59:59.900Z'));
  expect(refused).toMatchObject({
    ok: false,
    problem: expect.stringMatching(
      /^The database was deleted before .* The latest Azure can restore it to is /,
    ),
    choices: [{ at: new Date('2026-02-14T11:59:59Z') }],
  });
});
