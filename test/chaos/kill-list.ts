import type { RequestKind } from '../../connectors/linkedin-files/simulator/faults.ts';
import type { ServerRoute } from '../../server/core/status.ts';

export type FileKind = 'email' | 'license-off' | 'license-on';

/** Where the process that asked is killed: as its request arrives, once it is done, or once it is answered. */
export interface KillPoint {
  readonly at: (typeof moments)[number];
  readonly request: RequestKind | 'look-up' | 'write' | 'read-back';
  /** Of an upload and its result, and of a write over SCIM; null: a read, whatever it is for. */
  readonly file: FileKind | null;
}

/** A moment of a request to LinkedIn. */
export interface Passing extends KillPoint {
  /** What it writes, by name; '' for a read. */
  readonly write: string;
}

/** Somebody, at a moment that means nothing. */
export interface KillByChance {
  readonly afterMs: number;
  readonly victims: readonly number[];
}

const moments = ['received', 'applied', 'answered'] as const;
const kinds = ['email', 'license-off', 'license-on'] as const;
const eachKind = (at: KillPoint['at'], request: KillPoint['request']): KillPoint[] => kinds.map((file) => ({ at, request, file }));
const pointsOf: Readonly<Record<ServerRoute, readonly KillPoint[]>> = {
  files: moments.flatMap((at) => [...eachKind(at, 'upload'), ...eachKind(at, 'result'), { at, request: 'export', file: null }]),
  scim: moments.flatMap((at) => [
    ...eachKind(at, 'write'),
    { at, request: 'look-up', file: null },
    { at, request: 'read-back', file: null },
  ]),
};

export interface KillList {
  readonly points: KillPoint[];
  readonly byChance: KillByChance[];
}

/** Every point as often as the others, a third of all by chance; the order by the seed. `children` is how many processes there are. */
export function killList(route: ServerRoute, kills: number, children: number, random: () => number): KillList {
  const points = pointsOf[route];
  const byChance = Math.ceil(kills / 3);
  const rounds = Array.from({ length: Math.ceil((kills - byChance) / points.length) }, () => shuffled(points, random)).flat();
  return {
    points: rounds.slice(0, kills - byChance),
    byChance: Array.from({ length: byChance }, () => {
      const one = Math.floor(random() * children);
      const all = random() < 0.1;
      return { afterMs: 50 + Math.floor(random() * 700), victims: all ? Array.from({ length: children }, (_, index) => index) : [one] };
    }),
  };
}

export const fileKindOf = (name: string): FileKind =>
  name.startsWith('license-off') ? 'license-off' : name.startsWith('license-on') ? 'license-on' : 'email';

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}

/** Numbers from 0 up to, not including, 1 (mulberry32, Tommy Ettinger, public domain). */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
