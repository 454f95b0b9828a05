import type { AccountField, AccountSink, CompleteRead } from '../connector.ts';
import {
  type CsvFile,
  fileDate,
  headerKey,
  type ListOptions,
  listRows,
  loadCsv,
  type MappedColumn,
  mapColumns,
  missingColumn,
  type OpenOptions,
  type RejectAt,
  readRows,
} from '../csv.ts';
import { FileRefused } from '../errors.ts';
import { accountAliases, crmHeaders, recognizeKind } from './headers.ts';

/** `full-export`: as many rows as Admin Center shows users. `users`: that was not said, or the numbers differ (a filtered export). */
export type AccountFileKind = 'full-export' | 'users' | 'upload-result' | 'upload' | 'usage-report';

/** A file from LinkedIn Admin Center: what it was recognised as, and how to read it. */
export interface AccountFile {
  readonly csv: CsvFile;
  readonly kind: AccountFileKind;
  readonly mapping: readonly MappedColumn<AccountField>[];
  readonly unmapped: readonly string[];
  /** One sentence on the needed column that is missing (listAccounts would refuse with it), else null. */
  readonly missing: string | null;
  readonly warnings: readonly string[];
  /** Rows that were left out by the last listAccounts. */
  readonly rejects: readonly RejectAt[];
  /** Reads a list of users; throws FileRefused for the other kinds, and then nothing of the file may be kept. */
  listAccounts(into: AccountSink, options?: ListOptions): Promise<CompleteRead>;
}

/**
 * Opens a file from Admin Center and says what it is.
 * Throws FileRefused when it is no CSV, when it is a CRM's export, or when `map` names what does not exist.
 */
export async function openAccountFile(source: string | Uint8Array, options: OpenOptions = {}): Promise<AccountFile> {
  const csv = await loadCsv(source, {
    name: options.name,
    hash: options.hash,
    room: options.room,
    isHeader: (columns) => isHeader(columns, options.map),
  });
  const keys = csv.header.map(headerKey);
  const { mapping, unmapped } = mapColumns(csv, accountAliases, options.map);
  const decided = Object.keys(options.map ?? {}).map(headerKey);
  const foreign = csv.header.filter((_, index) => crmHeaders(keys).includes(keys[index]!) && !decided.includes(keys[index]!));
  if (foreign.length > 0) {
    throw new FileRefused(
      'wrong-side',
      csv.name,
      `This is a CRM's list (${foreign.slice(0, 3).join(', ')}), not LinkedIn's. Give it as the CRM file, and here the users exported from Admin Center.`,
    );
  }
  const missing = missingColumn(csv, mapping, 'email');
  const kind = kindOf(csv, keys, options);
  const rejects: RejectAt[] = [];
  return {
    csv,
    kind,
    mapping,
    unmapped,
    missing,
    warnings: csv.warnings,
    rejects,
    async listAccounts(into, listOptions) {
      if (kind !== 'full-export' && kind !== 'users') throw new FileRefused('wrong-kind', csv.name, notAList[kind]);
      if (missing !== null) throw new FileRefused('missing-column', csv.name, missing);
      const asOf = fileDate(csv, options.exportedAt);
      rejects.length = 0;
      const { expected = null, room } = options;
      return listRows(csv, mapping, into, (reject) => rejects.push(reject), { expected, asOf, room }, listOptions);
    },
  };
}

const notAList = {
  'upload-result':
    "This is LinkedIn's answer to an upload, not a list of users. Bring it back under the repair it belongs to, and give a user export here.",
  upload: 'This file was made for an upload to LinkedIn. Give the users exported from Admin Center instead.',
  'usage-report':
    'This is a usage report, not a list of users: bring it under Usage. For the list, in Admin Center choose Users, then Manage users via CSV, then Download all.',
} as const;

function kindOf(csv: CsvFile, keys: readonly string[], { expected, room }: OpenOptions): AccountFileKind {
  const kind = recognizeKind(keys);
  if (kind !== 'users' || expected === undefined) return kind;
  const { rows } = csv.rows.exact
    ? { rows: csv.rows.count }
    : readRows(
        csv,
        [],
        () => {},
        () => {},
        { room },
      );
  return rows === expected ? 'full-export' : 'users';
}

function isHeader(columns: readonly string[], map: Readonly<Record<string, string>> = {}): boolean {
  const decided = Object.keys(map).map(headerKey);
  return columns.map(headerKey).some((key) => accountAliases.email.includes(key) || decided.includes(key) || key === 'messages');
}
