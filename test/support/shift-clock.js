// Required before a process of a test starts (NODE_OPTIONS): its clock shows another time, and goes on from there.
const RealDate = Date;
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const now = () => RealDate.now() + shift;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parts, made) => Reflect.construct(target, parts.length === 0 ? [now()] : parts, made),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
