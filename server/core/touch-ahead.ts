import type { UserField } from '../../connectors/connector.ts';
import type { People } from './people.ts';

/** How many rows are touched at a time: few enough to stay in the cache until they are worked on. */
export const ahead = 256;

/** Where the sums of what was read end, so that no compiler leaves the reads out. They mean nothing. */
const kept = new Float64Array(1);

/**
 * Touches the owners of the license holders `from … to`. They are met in the order of the license holders, so that almost every read
 * waits for memory; reading beforehand what some rows will need, all of one kind after the other, lets these waits overlap.
 */
export function touchOwners(
  {
    users,
    userIndex,
    matches,
  }: {
    readonly users: People<UserField>;
    readonly userIndex: { readonly state: Uint8Array };
    readonly matches: { readonly owner: Int32Array };
  },
  from: number,
  to: number,
): void {
  const width = users.fields.length;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const owner = matches.owner[i]!;
    if (owner >= 0) sum += users.starts[owner * width]! + users.lengths[owner * width]! + userIndex.state[owner]! + users.emailKind[owner]!;
  }
  for (let i = from; i < to; i++) {
    const owner = matches.owner[i]!;
    if (owner < 0) continue;
    const first = users.starts[owner * width]!;
    sum += users.bytes[first]! + (users.bytes[first + 64] ?? 0);
  }
  kept[0] = sum;
}
