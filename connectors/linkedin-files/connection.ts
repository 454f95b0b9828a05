import { checkLine } from '../check-line.ts';
import type { Account, AccountField, AccountKey, AccountRecord, CallOptions, LicenseConnector, RecordSink } from '../connector.ts';
import { fieldText } from '../csv.ts';
import { RequestFailed } from '../errors.ts';
import { openAccountFile } from './connector.ts';
import { filesLike, type SftpFolders } from './sftp-folders.ts';
import { withSftp } from './sftp-session.ts';
import { newestExport } from './sftp-upload-folder.ts';

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

    async listAccounts(into, { signal } = {}) {
      const file = await open(signal);
      return { ...(await file.listAccounts(into, signal === undefined ? {} : { signal })), leftOut: {} };
    },

    async getAccount(given, { signal } = {}) {
      const keys = [given].flat();
      const named = keys.flatMap((key) => ('uniqueUserId' in key ? [key.uniqueUserId] : []));
      const file = await open(signal);
      const found: AccountRecord[] = [];
      await file.listAccounts(
        recordsThat((record) => keys.some((key) => isOf(key, record)), found),
        signal === undefined ? {} : { signal },
      );
      for (const key of keys) {
        const [record, second] = found.filter((one) => isOf(key, one));
        if (second !== undefined) throw new RequestFailed('conflict', 'account');
        const isSomebodyElse = 'email' in key && record?.uniqueUserId && named.length > 0 && !named.includes(record.uniqueUserId);
        if (record !== undefined && !isSomebodyElse) return accountOf(record);
      }
      return null;
    },

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
      ];
    },

    budget: () => null,
  };
}

/** A file names accounts by what stands in its rows. */
const isOf = (key: AccountKey, { uniqueUserId, email, seatId }: AccountRecord): boolean =>
  'uniqueUserId' in key
    ? uniqueUserId === key.uniqueUserId
    : 'email' in key
      ? email?.trim().toLowerCase() === key.email.trim().toLowerCase()
      : (seatId ?? email) === key.id;

const accountOf = (record: AccountRecord): Account => ({
  id: record.seatId ?? record.email ?? '',
  record,
  active: record.salesLicense === undefined ? null : /^(active|true|yes|1)$/i.test(record.salesLicense),
});

/** Collects the records that fit. */
function recordsThat(fits: (record: AccountRecord) => boolean, found: AccountRecord[]): RecordSink<AccountField> {
  let fields: readonly AccountField[] = [];
  const take = (record: AccountRecord): void => void (fits(record) && found.push(record));
  return {
    begin(given) {
      fields = given;
    },
    rows({ bytes, ranges, count }) {
      for (let row = 0; row < count; row++) {
        const cells = fields.map((field, n) => {
          const at = 2 * (row * fields.length + n);
          return [field, fieldText(bytes, ranges[at]!, ranges[at + 1]!)] as const;
        });
        take(Object.fromEntries(cells.filter(([, text]) => text !== '')) as AccountRecord);
      }
    },
    records: (page) => page.forEach(take),
  };
}
