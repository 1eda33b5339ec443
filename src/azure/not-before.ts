/**
 * How far the clock of Azure may be from ours, in milliseconds: what Azure stamps this much before our intent may
 * still be ours.
 */
export const clockTolerance = 120_000;

/** Whether Azure's time stamp may belong to something that we intended at that moment. */
export const notBefore = (stamp: Date | null | undefined, intendedAt: Date): boolean =>
  stamp != null && stamp.getTime() >= intendedAt.getTime() - clockTolerance;
