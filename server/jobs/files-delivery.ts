import { createHash } from 'node:crypto';
import type { UploadDelivery, UploadFolder } from '../../connectors/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import type { BroughtExport, CarriedOut, Delivery, FileToCarry } from './delivery.ts';
import type { PlanTools } from './plan-files.ts';

/** Admin Center's files, handed over and brought back by the server. */
export function filesDelivery(uploads: UploadDelivery, tools: Pick<PlanTools, 'write' | 'readBytes'>, now: () => Date): Delivery {
  return {
    capabilities: { updateEmail: true, setLicense: 'explicit', assigns: null },
    showsProgress: true,
    readsItself: false,
    async carryOut({ name, kind, rows, idColumn }, { signal }) {
      const { result } = await uploads.upload(name, Buffer.from(tools.write(kind, rows, idColumn)), { signal });
      const brought = await tools.readBytes(name, result, now().toISOString());
      return { kind: 'result', brought, sha256: hashOf(result) };
    },
    async read(people, { signal }) {
      const emails = [...new Set(people.flatMap(({ oldEmail, newEmail }) => [oldEmail, newEmail]))];
      const { bytes, asOf } = await uploads.exportUsers({ emails }, { signal });
      try {
        return exportOf(await tools.readBytes('export.csv', bytes, asOf));
      } catch (error) {
        // Another admin moved or removed everybody who was asked for.
        if (!(error instanceof FileRefused && error.code === 'header-only')) throw error;
        return nobody(asOf);
      }
    },
    async readAll({ signal }) {
      const { bytes, asOf, usersShown } = await uploads.exportUsers('all', { signal });
      return { brought: await tools.readBytes('everybody.csv', bytes, asOf), sha256: hashOf(bytes), usersShown };
    },
  };
}

/**
 * Upload files that LinkedIn comes for when it likes. An export cannot be asked for, so what it shows is what somebody sends there, and none
 * proves that nobody is missing.
 */
export function folderDelivery(folder: UploadFolder, tools: Pick<PlanTools, 'write' | 'readBytes'>, now: () => Date): Delivery {
  async function answerTo({ name }: FileToCarry, signal: AbortSignal): Promise<CarriedOut> {
    const result = await folder.resultOf(name, { signal });
    if (result === null) return { kind: 'lies-there' };
    return { kind: 'result', brought: await tools.readBytes(name, result, now().toISOString()), sha256: hashOf(result) };
  }
  return {
    capabilities: { updateEmail: true, setLicense: 'explicit', assigns: null },
    showsProgress: true,
    readsItself: false,
    async carryOut(file, { signal }) {
      await folder.hand(file.name, Buffer.from(tools.write(file.kind, file.rows, file.idColumn)), { signal });
      return answerTo(file, signal);
    },
    lookFor: (file, { signal }) => answerTo(file, signal),
    async read(_people, { signal }) {
      const newest = await folder.newestExport({ signal });
      return newest === null ? nobody(now().toISOString()) : exportOf(await tools.readBytes('export.csv', newest.bytes, newest.asOf));
    },
    readAll: null,
  };
}

const nobody = (asOf: string): BroughtExport => ({ kind: 'export', name: 'export.csv', asOf, people: [], rejected: 0, warnings: [] });

function exportOf(brought: Awaited<ReturnType<PlanTools['readBytes']>>): BroughtExport {
  if (brought.kind !== 'export') throw new Error('Admin Center answered with something that is no export.');
  return brought;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
