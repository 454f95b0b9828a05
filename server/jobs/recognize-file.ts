import {
  type AccountSink,
  accountFields,
  type CompleteRead,
  type RecordSink,
  type Reject,
  type UserSink,
  userFields,
} from '../../connectors/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';

/** The least of an opened file that recognising it needs; both file connectors give it. */
export interface OpenedFile {
  readonly csv: { readonly header: readonly string[]; readonly preview: readonly (readonly string[])[] };
  readonly mapping: readonly { readonly field: string; readonly column: string; readonly index: number }[];
  readonly missing: string | null;
  readonly warnings: readonly string[];
  readonly rejects: readonly Reject[];
}

export interface OpenOptions {
  readonly name: string;
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly exportedAt: string;
}

/** The file connectors, as parameters: this room imports no connector. */
export interface FileOpeners {
  openAccountFile(path: string, options: OpenOptions): Promise<OpenedFile & { listAccounts(into: AccountSink): Promise<CompleteRead> }>;
  openUserFile(
    path: string,
    options: OpenOptions,
  ): Promise<OpenedFile & { readonly crm: string; listUsers(into: UserSink): Promise<CompleteRead> }>;
  readDirectoryFile(path: string, name: string): Promise<{ readonly people: readonly unknown[]; readonly rejected: number }>;
}

export type Side = 'licenses' | 'crm';

/** What a file was recognised as. */
export interface Recognition {
  readonly side: Side | null;
  readonly kind: string;
  readonly crm: string | null;
  readonly crmName: string | null;
  readonly rows: number;
  readonly rejected: number;
  readonly rejects: readonly Reject[];
  readonly mapping: readonly { column: string; field: string | null }[];
  readonly fields: readonly { field: string; needed: boolean }[];
  readonly missing: string | null;
  readonly warnings: readonly string[];
  readonly preview: readonly (readonly string[])[];
}

const crmNames: Readonly<Record<string, string>> = {
  salesforce: 'Salesforce',
  hubspot: 'HubSpot',
  zoho: 'Zoho CRM',
  dynamics: 'Dynamics 365',
};

/** The SCIM id stands in no export. */
const exportFields = accountFields.filter((field) => field !== 'id');

/**
 * Opens a file, reads it once to its end, and says what it is. `side` null lets the headers say it. A file that is refused
 * whole comes back as its sentence.
 */
export async function recognizeFile(
  openers: FileOpeners,
  path: string,
  options: OpenOptions & { readonly side: Side | 'directory' | null },
): Promise<Recognition | { readonly refusal: string }> {
  try {
    if (options.side === 'directory') return await describeDirectory(openers, path, options.name);
    const side = options.side ?? (await sideOf(openers, path, options));
    if (side === 'licenses') {
      const file = await openers.openAccountFile(path, options);
      return await describe(file, { side, kind: 'admin-center-users', crm: null }, exportFields, (sink) => file.listAccounts(sink));
    }
    const file = await openers.openUserFile(path, options);
    if (side === 'crm') {
      return await describe(file, { side, kind: file.crm, crm: file.crm }, userFields, (sink) => file.listUsers(sink));
    }
    const { mapping: _, ...told } = await describe(file, { side: null, kind: 'unknown', crm: null }, [], (sink) => file.listUsers(sink));
    return {
      ...told,
      mapping: file.csv.header.map((column) => ({ column, field: null })),
      missing: 'The columns do not tell whose list this is. Say whether it comes from LinkedIn Admin Center or from the CRM.',
    };
  } catch (error) {
    if (error instanceof FileRefused) return { refusal: error.message };
    throw error;
  }
}

/** Each connector refuses the other side's headers; a file that both take says nothing of itself. */
async function sideOf(openers: FileOpeners, path: string, options: OpenOptions): Promise<Side | null> {
  const takes = async (open: (path: string, options: OpenOptions) => Promise<unknown>) => {
    try {
      await open(path, options);
      return true;
    } catch (error) {
      if (error instanceof FileRefused && error.code === 'wrong-side') return false;
      throw error;
    }
  };
  const asLicenses = await takes(openers.openAccountFile);
  const asCrm = await takes(openers.openUserFile);
  if (asLicenses === asCrm) return null;
  return asLicenses ? 'licenses' : 'crm';
}

/** A directory is neither side: nobody is compared with it. */
async function describeDirectory(openers: FileOpeners, path: string, name: string): Promise<Recognition> {
  const { people, rejected } = await openers.readDirectoryFile(path, name);
  const nothing = { crm: null, crmName: null, rejects: [], mapping: [], fields: [], missing: null, warnings: [], preview: [] };
  return { ...nothing, side: null, kind: 'directory', rows: people.length, rejected };
}

async function describe<Field extends string>(
  file: OpenedFile,
  known: { side: Side | null; kind: string; crm: string | null },
  fields: readonly string[],
  read: (sink: RecordSink<Field>) => Promise<CompleteRead>,
): Promise<Recognition> {
  // Read to the end even now: a file that is cut off is refused when it is brought, not minutes later.
  const proof = file.missing === null ? await read({ begin() {}, rows() {}, records() {} }) : null;
  const fieldOf = new Map(file.mapping.map(({ index, field }) => [index, field]));
  return {
    ...known,
    crmName: known.crm === null ? null : (crmNames[known.crm] ?? null),
    rows: proof?.received ?? 0,
    rejected: proof?.rejected ?? 0,
    rejects: file.rejects.slice(0, 20).map(({ line, column, reason }) => ({ line, column, reason })),
    mapping: file.csv.header.map((column, index) => ({ column, field: fieldOf.get(index) ?? null })),
    fields: fields.map((field) => ({ field, needed: field === 'email' })),
    missing: file.missing,
    warnings: file.warnings,
    preview: file.csv.preview,
  };
}
