/** The contract that the page's address names; null: the workspace's default one. Another contract is another page, loaded anew. */
export const contractId: string | null = /^\/contracts\/([^/]+)/u.exec(window.location.pathname)?.[1] ?? null;

/** What the addresses of all pages begin with. */
export const pagesBase = contractId === null ? '/' : `/contracts/${contractId}`;

/** An address of the API for the contract of this page. Sessions and contracts are of the whole workspace. */
export const inContract = (path: string): string =>
  contractId === null || /^\/api\/(?:session|contracts)(?:[/?]|$)/u.test(path)
    ? path
    : path.replace('/api/', `/api/contracts/${contractId}/`);

const awayFrom = 'seatmatch-contract';

/** An admin leaves for a vendor, which sends everybody back to the same address: this window remembers the contract. */
export const leaveContract = (): void => sessionStorage.setItem(awayFrom, contractId ?? '');

/** The contract that was left; null: the one of this page. */
export function contractLeft(): string | null {
  const left = sessionStorage.getItem(awayFrom) || null;
  return left === contractId ? null : left;
}
