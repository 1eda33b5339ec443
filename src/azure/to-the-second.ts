/** A moment as people read it: UTC, without the milliseconds that Azure's times carry. */
export const toTheSecond = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');
