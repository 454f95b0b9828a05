import { rm } from 'node:fs/promises';
import type { Directory } from '../api.ts';
import type { Clock } from '../jobs/clock.ts';
import { keepDirectory } from '../jobs/keep-directory.ts';
import { type Uploads, uploadPath } from '../jobs/receive-file.ts';
import type { Recognition } from '../jobs/recognize-file.ts';
import { findDirectory } from '../store/directory.ts';
import type { Handlers } from './endpoint.ts';
import { takeUpload } from './uploads.ts';

/** The company's directory, kept for the contract until another one takes its place. */
export function directoryRoutes(
  uploads: Uploads & { readonly clock: Clock },
): Pick<Handlers, 'getDirectory' | 'replaceDirectory' | 'deleteDirectory'> {
  const { pool, workspace, clock } = uploads;

  async function show(): Promise<{ directory: Directory | null }> {
    const found = await findDirectory<Recognition>(pool, workspace);
    if (!found) return { directory: null };
    const { id, name, modifiedAt, uploadedAt, uploadedBy, recognition } = found;
    const { rows, rejected } = recognition;
    return { directory: { id, name, people: rows, rejected, modifiedAt, uploadedAt, uploadedBy } };
  }

  async function keep(id: string | null, actor: string): Promise<void> {
    const left = await keepDirectory(pool, workspace, id, actor);
    if (left !== null) await rm(uploadPath(uploads.directory, left), { force: true });
  }

  return {
    getDirectory: show,
    async replaceDirectory({ query, actor, request }) {
      const id = await takeUpload(uploads, request, {
        name: query.name,
        side: 'directory',
        modifiedAt: query.modifiedAt === undefined ? clock.now().toISOString() : clock.at(query.modifiedAt),
        actor: actor.name,
      });
      await keep(id, actor.name);
      return show();
    },
    deleteDirectory: ({ actor }) => keep(null, actor.name),
  };
}
