import type { Scope } from '../store/database.ts';
import type { SourceParts } from './compare-sources.ts';

/**
 * What a contract is worked with. Files that are kept are its own; the demo is the first contract's alone, and ends with nobody else's
 * comparison.
 */
export function partsOfContract<Parts extends Pick<SourceParts, 'folders' | 'demoActor' | 'leaveDemo'>>(
  parts: Parts,
  { workspaceId, contractId }: Scope,
): Parts {
  const { folders } = parts;
  const { uploads } = folders;
  if (uploads.workspace.contractId === contractId) return parts;
  return {
    ...parts,
    folders: { ...folders, uploads: { ...uploads, workspace: { workspaceId, contractId }, ownerOf: (_, actor) => actor } },
    demoActor: null,
    leaveDemo: () => {},
  };
}
