import { checkLine, licensesUntold } from '../check-line.ts';
import type { CallOptions, LicenseConnector } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { accountsOfExport } from './accounts-of-export.ts';
import { openAccountFile } from './connector.ts';
import { filesLike, type SftpFolders } from './sftp-folders.ts';
import { withSftp } from './sftp-session.ts';
import { newestExport } from './sftp-upload-folder.ts';

export { exportFile, holdersOfExport } from './export-file.ts';
export { linkedInFilesSettings } from './sftp-folders.ts';
export { sftpUploadFolder } from './sftp-upload-folder.ts';

export interface LinkedInFilesOptions extends SftpFolders {
  /** The connection's name, for the proof. */
  readonly name: string;
}

/**
 * The accounts of one contract as the newest export on the SFTP server shows them. Changes go by upload files (sftp-upload-folder.ts), which
 * plans make. Throws FileRefused for an export that cannot be read, RequestFailed for everything else.
 */
export function linkedInFilesConnector(options: LinkedInFilesOptions): LicenseConnector {
  const { name, sftp, inbox, outbox } = options;

  async function open(signal: AbortSignal | undefined) {
    const { bytes, asOf } = await newestExport(options, 'accounts', signal);
    return openAccountFile(bytes, { name, exportedAt: asOf, hash: true });
  }

  return {
    capabilities: {
      list: true,
      lookUpBy: ['uniqueUserId', 'email'],
      updateEmail: false,
      setLicense: 'manual',
      assigns: null,
      resendInvitation: 'manual',
      readInvitation: 'import',
      readCrmMatch: 'import',
      readCrmSync: 'import',
      writeCrmSync: 'manual',
    },

    ...accountsOfExport(open),

    async updateAccount() {
      throw new RequestFailed('not-supported', 'account');
    },

    async check({ signal }: CallOptions = {}) {
      const filesIn = () =>
        withSftp(sftp, 'accounts', signal, async (session) => {
          const { length } = await session.list(outbox);
          return { waiting: length, exports: await filesLike(session, options, options.exports ?? '*.csv') };
        });
      return [
        await checkLine('LinkedIn', 'access', filesIn, ({ exports }) => ({
          verdict: exports.length > 0 ? 'good' : 'bad',
          sentence:
            exports.length > 0
              ? `${sftp.host}:${sftp.port} lets us in; the newest file in ${inbox} is from ${new Date(exports[0]!.modifiedAt).toISOString()}.`
              : `${sftp.host}:${sftp.port} lets us in, and ${inbox} has no export yet. In Admin Center send one there.`,
        })),
        ...licensesUntold,
      ];
    },

    budget: () => null,
  };
}
