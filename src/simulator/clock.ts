/** How real time maps to Azure time: both in milliseconds, anchored at the last change of speed. */
export interface ClockState {
  readonly realAnchor: number;
  readonly azureAnchor: number;
  readonly speed: number;
}

/** Azure time in milliseconds at a real moment. Long-running operations are measured in it. */
export function azureTimeAt(clock: ClockState, real: number): number {
  return clock.azureAnchor + (real - clock.realAnchor) * clock.speed;
}

/** The real moment at which an Azure time is reached, at the present speed. */
export function realTimeAt(clock: ClockState, azure: number): number {
  return clock.realAnchor + (azure - clock.azureAnchor) / clock.speed;
}

/** The same clock running at another speed from `real` on; throws a RangeError for a speed that is not above zero. */
export function withSpeed(clock: ClockState, real: number, speed: number): ClockState {
  if (!(Number.isFinite(speed) && speed > 0)) {
    throw new RangeError(
      `The simulator's speed must be a number above 0, not ${speed}. Give for example 60.`,
    );
  }
  return { realAnchor: real, azureAnchor: azureTimeAt(clock, real), speed };
}

/** A duration of Azure in whole seconds of waiting, never under one so that no client polls hot (RFC 9110, Retry-After). */
export function retryAfterSeconds(clock: ClockState, azureSeconds: number): number {
  return Math.max(1, Math.round(azureSeconds / clock.speed));
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
