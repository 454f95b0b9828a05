/**
 * A contract whose licenses nobody but a person can change: no SCIM, and no files that Admin Center takes. What a person did is seen in the
 * newest users export, which somebody brings.
 */
import { z } from 'zod';
import { licensesUntold } from '../check-line.ts';
import type { CheckLine, LicenseConnector } from '../connector.ts';
import { RequestFailed } from '../errors.ts';

/** The connection in a configuration file. */
export const linkedInGuidedSettings = () =>
  z.strictObject({
    type: z.literal('linkedin-guided'),
    /** The newest users export of Admin Center; a path from the configuration file's folder. Without it nobody is listed here. */
    file: z.string().min(1).exactOptional(),
  });

/** The newest users export, read by whoever knows its format. */
export type NewestExport = Pick<LicenseConnector, 'listAccounts' | 'getAccount' | 'check'>;

const bringExport = 'In Admin Center, on a desktop: Users, Manage users via CSV, Download all. Bring that file under Compare files.';

/** What this connection cannot ask anybody; a person looks, or does it. */
const byAPerson: readonly CheckLine[] = [
  {
    what: 'rights',
    verdict: 'unknown',
    sentence:
      'A full admin makes each change in Admin Center, on a desktop. Plans show the steps one by one; a new export from after them proves it.',
  },
  ...licensesUntold,
];

/** @param newest null: no export is named, so that nobody can be listed or looked up */
export function linkedInGuidedConnector(newest: NewestExport | null): LicenseConnector {
  const readable = newest === null ? 'none' : 'import';
  const refuse = (request: string, sentence: string) => async () => {
    throw new RequestFailed('not-supported', request, { sentence });
  };
  const nobody = `This connection lists nobody: LinkedIn is changed by hand there. ${bringExport}`;
  return {
    capabilities: {
      list: newest !== null,
      lookUpBy: newest === null ? [] : ['uniqueUserId', 'email'],
      updateEmail: false,
      setLicense: 'manual',
      assigns: null,
      resendInvitation: 'manual',
      readInvitation: readable,
      readCrmMatch: readable,
      readCrmSync: readable,
      writeCrmSync: 'manual',
    },
    listAccounts: newest?.listAccounts ?? refuse('accounts', nobody),
    getAccount: newest?.getAccount ?? refuse('account', nobody),
    updateAccount: refuse('account', 'This connection changes nothing: a person does, by the steps that a plan shows.'),
    async check(options) {
      const read = newest === null ? [{ what: 'access', verdict: 'unknown', sentence: nobody } as const] : await newest.check(options);
      return [...read, ...byAPerson];
    },
    budget: () => null,
  };
}
