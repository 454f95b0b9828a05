import {
  type AccountSink,
  accountFields,
  type CompleteRead,
  type RecordSink,
  type Reject,
  type UserSink,
  usageFields,
  userFields,
} from '../../connectors/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import { type Period, readPeriod, usualPeriod } from '../core/read-period.ts';
import type { UsagePerson, UsageValues } from '../core/usage.ts';

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

/** A usage report, opened. */
export interface OpenedUsage extends Omit<OpenedFile, 'rejects'> {
  readonly csv: OpenedFile['csv'] & { readonly sha256: string | null };
  /** Whether its header alone tells that it is one. */
  readonly isSure: boolean;
  /** Texts that may name its period. */
  readonly aboutPeriod: readonly string[];
  readRows(): {
    readonly rows: readonly (UsagePerson & { readonly line: number; readonly name: string; readonly values: UsageValues })[];
    readonly rejects: readonly Reject[];
  };
}

/** The file connectors, as parameters: this room imports no connector. */
export interface FileOpeners {
  openAccountFile(path: string, options: OpenOptions): Promise<OpenedFile & { listAccounts(into: AccountSink): Promise<CompleteRead> }>;
  openUserFile(
    path: string,
    options: OpenOptions,
  ): Promise<OpenedFile & { readonly crm: string; listUsers(into: UserSink): Promise<CompleteRead> }>;
  readDirectoryFile(path: string, name: string): Promise<{ readonly people: readonly unknown[]; readonly rejected: number }>;
  openUsageFile(path: string, options: OpenOptions & { readonly hash?: boolean }): Promise<OpenedUsage>;
}

export type Side = 'licenses' | 'crm';

/** What a file is brought as; a directory and a usage report are neither side of a comparison. */
export type BroughtAs = Side | 'directory' | 'usage';

/** The kind of a usage report. */
export const usageKind = 'usage-report';

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
  /** Of a usage report: what it says itself, else the usual one, which somebody has to look at. */
  readonly period?: Period & { readonly isRead: boolean };
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
  options: OpenOptions & { readonly side: BroughtAs | null },
): Promise<Recognition | { readonly refusal: string }> {
  try {
    if (options.side === 'directory') return await describeDirectory(openers, path, options.name);
    if (options.side === 'usage') return describeUsage(await openers.openUsageFile(path, options), options);
    if (options.side === null) {
      const report = await usageReportIn(openers, path, options);
      if (report !== null) return describeUsage(report, options);
    }
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

/** What is surely a usage report, else null: what cannot be read at all is refused by those who read lists, in the same words. */
async function usageReportIn(openers: FileOpeners, path: string, options: OpenOptions): Promise<OpenedUsage | null> {
  try {
    const report = await openers.openUsageFile(path, options);
    return report.isSure ? report : null;
  } catch (error) {
    if (error instanceof FileRefused) return null;
    throw error;
  }
}

function describeUsage(file: OpenedUsage, { name, exportedAt }: OpenOptions): Recognition {
  const read = file.missing === null ? file.readRows() : { rows: [], rejects: [] };
  const period = readPeriod([...file.aboutPeriod, name]);
  return {
    ...describeColumns({ ...file, rejects: read.rejects }, ['email', ...usageFields.filter((field) => field !== 'email')]),
    side: null,
    kind: usageKind,
    crm: null,
    crmName: null,
    rows: read.rows.length,
    rejected: read.rejects.length,
    period: period === null ? { ...usualPeriod(exportedAt), isRead: false } : { ...period, isRead: true },
  };
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
  return {
    ...describeColumns(file, fields),
    ...known,
    crmName: known.crm === null ? null : (crmNames[known.crm] ?? null),
    rows: proof?.received ?? 0,
    rejected: proof?.rejected ?? 0,
  };
}

function describeColumns(file: OpenedFile, fields: readonly string[]) {
  const fieldOf = new Map(file.mapping.map(({ index, field }) => [index, field]));
  return {
    rejects: file.rejects.slice(0, 20).map(({ line, column, reason }) => ({ line, column, reason })),
    mapping: file.csv.header.map((column, index) => ({ column, field: fieldOf.get(index) ?? null })),
    fields: fields.map((field) => ({ field, needed: field === 'email' })),
    missing: file.missing,
    warnings: file.warnings,
    preview: file.csv.preview,
  };
}
