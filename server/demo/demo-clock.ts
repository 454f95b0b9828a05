import type { Clock } from '../jobs/clock.ts';

/** From a moment of the machine's clock on, the demo's clock is so far ahead. Milliseconds. */
export interface Leap {
  readonly at: number;
  readonly ahead: number;
}

/** The machine's clock, ahead by the leaps made so far; it never goes back. `leaps` are read anew each time, the oldest first. */
export function clockOfLeaps(leaps: () => readonly Leap[]): Clock {
  const aheadAt = (moment: number): number => leaps().findLast(({ at }) => at <= moment)?.ahead ?? 0;
  return {
    now: () => new Date(Date.now() + aheadAt(Date.now())),
    at: (moment) => new Date(Date.parse(moment) + aheadAt(Date.parse(moment))).toISOString(),
    machineTime: (moment) => new Date(moment.getTime() - aheadAt(Date.now())),
  };
}
