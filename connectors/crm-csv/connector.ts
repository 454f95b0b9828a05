import type { CompleteRead, UserField, UserSink } from '../connector.ts';
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
} from '../csv.ts';
import { FileRefused } from '../errors.ts';
import { type CrmName, linkedInHeaders, recognizeCrm, userAliases } from './headers.ts';
import { reportFooter } from './report-footer.ts';

/** A users export of a CRM: what it was recognised as, and how to read it. */
export interface UserFile {
  readonly csv: CsvFile;
  readonly kind: 'users';
  readonly crm: CrmName | 'other';
  readonly mapping: readonly MappedColumn<UserField>[];
  readonly unmapped: readonly string[];
  /** One sentence on the needed column that is missing (listUsers would refuse with it), else null. */
  readonly missing: string | null;
  readonly warnings: readonly string[];
  /** Rows that were left out by the last listUsers. */
  readonly rejects: readonly RejectAt[];
  /** Throws FileRefused; then nothing of the file may be kept. */
  listUsers(into: UserSink, options?: ListOptions): Promise<CompleteRead>;
}

/**
 * Opens a users export of Salesforce, HubSpot, Zoho, Dynamics or anything with an email column.
 * Throws FileRefused when it is no CSV, when it is LinkedIn's export, or when `map` names what does not exist.
 */
export async function openUserFile(source: string | Uint8Array, options: OpenOptions = {}): Promise<UserFile> {
  const csv = await loadCsv(source, {
    name: options.name,
    hash: options.hash,
    room: options.room,
    isHeader: (columns) => isHeader(columns, options.map),
    footer: reportFooter,
  });
  const keys = csv.header.map(headerKey);
  const { mapping, unmapped } = mapColumns(csv, userAliases, options.map);
  const decided = Object.keys(options.map ?? {}).map(headerKey);
  const foreign = csv.header.filter((_, index) => linkedInHeaders(keys).includes(keys[index]!) && !decided.includes(keys[index]!));
  if (foreign.length > 0) {
    throw new FileRefused(
      'wrong-side',
      csv.name,
      `This is LinkedIn's list (${foreign.slice(0, 3).join(', ')}), not a CRM's. Give it as the license file, and here the users exported from the CRM.`,
    );
  }
  const missing = missingColumn(csv, mapping, 'email');
  const idColumn = mapping.find(({ field }) => field === 'id')?.index;
  const rejects: RejectAt[] = [];
  return {
    csv,
    kind: 'users',
    crm: recognizeCrm(keys, idColumn === undefined ? '' : (csv.preview[0]?.[idColumn] ?? '')),
    mapping,
    unmapped,
    missing,
    warnings: csv.warnings,
    rejects,
    async listUsers(into, listOptions) {
      if (missing !== null) throw new FileRefused('missing-column', csv.name, missing);
      const asOf = fileDate(csv, options.exportedAt);
      rejects.length = 0;
      const { expected = null, room } = options;
      return listRows(csv, mapping, into, (reject) => rejects.push(reject), { expected, asOf, room }, listOptions);
    },
  };
}

function isHeader(columns: readonly string[], map: Readonly<Record<string, string>> = {}): boolean {
  const decided = Object.keys(map).map(headerKey);
  return columns.map(headerKey).some((key) => userAliases.email.includes(key) || decided.includes(key));
}
