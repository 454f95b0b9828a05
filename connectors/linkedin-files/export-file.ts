import type { AccountKeys, AccountRecord, LicenseConnector } from '../connector.ts';
import { fileDate } from '../csv.ts';
import { FileRefused } from '../errors.ts';
import { accountsOfExport, recordsThat } from './accounts-of-export.ts';
import { openAccountFile } from './connector.ts';

/** A users export of Admin Center on this machine, read anew at each call. Throws FileRefused where connections throw RequestFailed. */
export function exportFile(name: string, file: string): Pick<LicenseConnector, 'listAccounts' | 'getAccount' | 'check'> {
  const open = () => openAccountFile(file, { name, hash: true });
  return {
    ...accountsOfExport(open),
    async check() {
      try {
        const { csv, kind, missing } = await open();
        if (missing !== null) return [{ what: 'access', verdict: 'bad', sentence: missing }];
        if (kind !== 'users')
          return [{ what: 'access', verdict: 'bad', sentence: 'This file is no list of users. Download all users in Admin Center.' }];
        const day = fileDate(csv, undefined).slice(0, 10);
        return [
          {
            what: 'access',
            verdict: 'good',
            sentence: `The newest export is from ${day}. Put a newer one in its place before you compare.`,
          },
        ];
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        return [{ what: 'access', verdict: 'bad', sentence: error.sentence }];
      }
    },
  };
}

/** Whom such an export names, each by what it tells of them. Throws FileRefused. */
export async function* holdersOfExport(name: string, file: string): AsyncGenerator<AccountKeys> {
  const records: AccountRecord[] = [];
  await (await openAccountFile(file, { name })).listAccounts(recordsThat(() => true, records));
  for (const { uniqueUserId, email } of records)
    yield [...(uniqueUserId === undefined ? [] : [{ uniqueUserId }]), ...(email === undefined ? [] : [{ email }])];
}
