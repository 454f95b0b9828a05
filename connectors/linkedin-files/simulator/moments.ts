import type { RequestKind } from './faults.ts';

/** A point in the life of one request, so that a test can act exactly there: before anything is done, once it is done, once it is answered. */
export interface Moment {
  readonly number: number;
  readonly at: 'received' | 'applied' | 'answered';
  readonly request: RequestKind;
  /** The upload's name; '' for the other requests. */
  readonly name: string;
  /** The request waits here until it is released. */
  readonly held: boolean;
}

export interface Hold {
  readonly at: 'received' | 'applied';
  readonly request: RequestKind;
  readonly times: number;
}

export interface Moments {
  /** Writes a moment down and waits where the request is to be held. */
  pass(moment: Omit<Moment, 'number' | 'held'>): Promise<void>;
  hold(hold: Hold): void;
  /** Lets go whatever is held, and holds nothing any more. */
  release(): void;
  /** The moments after a number; waits for one where there is none, for at most so long. */
  after(number: number, patienceMs: number): Promise<readonly Moment[]>;
}

const kept = 10_000;

export function watchMoments(onMoment: (moment: Moment) => void | Promise<void> = () => {}): Moments {
  const seen: Moment[] = [];
  let holds: { hold: Hold; left: number }[] = [];
  let count = 0;
  let releases: (() => void)[] = [];
  const wakes: (() => void)[] = [];
  return {
    async pass(moment) {
      const hold = holds.find(({ hold: { at, request }, left }) => left > 0 && at === moment.at && request === moment.request);
      if (hold) hold.left -= 1;
      const passed = { ...moment, number: ++count, held: hold !== undefined };
      seen.push(passed);
      if (seen.length > kept) seen.shift();
      const released = hold && new Promise<void>((resolve) => releases.push(resolve));
      for (const wake of wakes.splice(0)) wake();
      await onMoment(passed);
      await released;
    },
    hold(hold) {
      holds.push({ hold, left: hold.times });
    },
    release() {
      holds = [];
      for (const release of releases) release();
      releases = [];
    },
    async after(number, patienceMs) {
      const found = () => seen.filter((moment) => moment.number > number);
      if (found().length > 0 || patienceMs <= 0) return found();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        wakes.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      return found();
    },
  };
}
