import { z } from 'zod';
import { tellsNoChanges } from '../changed-since.ts';
import type { CrmConnector } from '../connector.ts';
import { FileRefused } from '../errors.ts';
import { openUserFile, type UserFile } from './connector.ts';

/** The connection in a configuration file. */
export const crmCsvSettings = () =>
  z.strictObject({
    type: z.literal('crm-csv'),
    /** The users exported from the CRM; a path from the configuration file's folder. */
    file: z.string().min(1),
    /** Column → field, where the headers are not known. */
    map: z.record(z.string(), z.string()).exactOptional(),
  });

/** A users export as a CRM connection. Throws FileRefused where the others throw RequestFailed. */
export function crmCsvConnector({
  name,
  file,
  map,
}: {
  readonly name: string;
  readonly file: string;
  readonly map?: Readonly<Record<string, string>> | undefined;
}): CrmConnector {
  const open = (): Promise<UserFile> => openUserFile(file, map === undefined ? { name } : { name, map });
  return {
    capabilities: { changedSince: false, tellsTotal: false, updateEmail: 'guided' },
    // A file names no org.
    origin: async () => ({ id: file, name, isTest: false }),
    async listUsers(into, { signal, changedSince } = {}) {
      if (changedSince !== undefined) throw tellsNoChanges();
      const opened = await open();
      return { ...(await opened.listUsers(into, signal === undefined ? {} : { signal })), leftOut: {} };
    },
    async check() {
      try {
        const { missing, csv } = await open();
        return [{ what: 'access', verdict: missing === null ? 'good' : 'bad', sentence: missing ?? `${csv.name} can be read.` }];
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        return [{ what: 'access', verdict: 'bad', sentence: error.sentence }];
      }
    },
    budget: () => null,
  };
}
