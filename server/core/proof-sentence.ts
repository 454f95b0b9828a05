import type { CompleteListing } from '../../connectors/connector.ts';

const count = (number: number): string => number.toLocaleString('en-US');

/** How sure it is that a connection's list is whole, for a person. */
export function listingSentence({
  source,
  received,
  rejected,
  expected,
  pages,
  leftOut = {},
  changedSince,
}: Pick<CompleteListing, 'source' | 'received' | 'rejected' | 'expected' | 'pages'> &
  Partial<Pick<CompleteListing, 'leftOut' | 'changedSince'>>): string {
  const others = Object.values(leftOut).reduce((sum, number) => sum + number, 0);
  const beside = others === 0 ? '' : ` and ${count(others)} that are no people`;
  const read = `${source}: ${count(received + rejected)}${beside}, read to the last of ${count(pages)} ${pages === 1 ? 'page' : 'pages'}`;
  if (changedSince !== undefined) return `${read}. Only what changed since ${changedSince} was asked for: this proves no whole list.`;
  return expected === null
    ? `${read}. The system does not tell how many there are, so somebody may be missing: nobody loses a license for not being found there.`
    : `${read}, of ${count(expected)} announced: complete.`;
}
