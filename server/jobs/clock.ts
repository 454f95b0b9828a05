/** What time it is for people, plans and exports. In the demo it runs ahead of the machine's clock by the days somebody let pass. */
export interface Clock {
  now(): Date;
  /** What this clock showed at a moment of the machine's clock, as files carry it. ISO 8601. */
  at(machineMoment: string): string;
  /** When the machine's clock will have come to a moment of this clock: the engine's delayed jobs wait by the machine's. */
  machineTime(moment: Date): Date;
}

export const machineClock: Clock = { now: () => new Date(), at: (moment) => moment, machineTime: (moment) => moment };
