import type {
  Account,
  AccountField,
  AccountKey,
  AccountRecord,
  CallOptions,
  CompleteRead,
  LicenseConnector,
  RecordSink,
} from '../connector.ts';
import { fieldText } from '../csv.ts';
import { RequestFailed } from '../errors.ts';
import type { AccountFile } from './connector.ts';

/**
 * Accounts as a users export of Admin Center shows them. Throws FileRefused for an export that cannot be read, and whatever `open` throws.
 * @param open the newest export, each time anew
 */
export function accountsOfExport(
  open: (signal: AbortSignal | undefined) => Promise<AccountFile>,
): Pick<LicenseConnector, 'listAccounts' | 'getAccount'> {
  const read = async (into: RecordSink<AccountField>, { signal }: CallOptions): Promise<CompleteRead> =>
    (await open(signal)).listAccounts(into, signal === undefined ? {} : { signal });
  return {
    listAccounts: async (into, options = {}) => ({ ...(await read(into, options)), leftOut: {} }),
    async getAccount(given, options = {}) {
      const keys = [given].flat();
      const named = keys.flatMap((key) => ('uniqueUserId' in key ? [key.uniqueUserId] : []));
      const found: AccountRecord[] = [];
      await read(
        recordsThat((record) => keys.some((key) => isOf(key, record)), found),
        options,
      );
      for (const key of keys) {
        const [record, second] = found.filter((one) => isOf(key, one));
        if (second !== undefined) throw new RequestFailed('conflict', 'account');
        const isSomebodyElse = 'email' in key && record?.uniqueUserId && named.length > 0 && !named.includes(record.uniqueUserId);
        if (record !== undefined && !isSomebodyElse) return accountOf(record);
      }
      return null;
    },
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
export function recordsThat(fits: (record: AccountRecord) => boolean, found: AccountRecord[]): RecordSink<AccountField> {
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
