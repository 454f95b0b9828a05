/*
 * Some functions take more numbers than one can tell apart as arguments: those stand in a table in memory, which the function is given
 * as `places`, each by its name.
 */

/** Source that makes each number of a table a local of its name. */
export const named = (places: readonly string[]): string => places.map((name, k) => `let ${name} = u32[places + ${4 * k}];`).join('\n');

/** Puts the numbers of a table in their places. */
export const tableOf =
  <Name extends string>(places: readonly Name[]) =>
  (into: Uint32Array, numbers: Readonly<Record<Name, number>>): void =>
    into.set(places.map((name) => numbers[name]));
