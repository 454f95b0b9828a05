/** What one upload changes. One kind of change per file: which wins when a file changes email and license is not documented. */
const uploadKinds = ['email-change', 'domain-change', 'license-off', 'license-on', 'add-users', 'leavers', 'ids'] as const;
export type UploadKind = (typeof uploadKinds)[number];

/** LinkedIn's pages spell the ID column in three ways (help a7762565, a133029); Admin Center shows it as Employee ID. */
export const idColumns = ['unique_user_id', 'employee_id', 'employee_user_id'] as const;
export type IdColumn = (typeof idColumns)[number];

export interface EmailChange {
  readonly existingEmail: string;
  readonly newEmail: string;
  /** '' where LinkedIn has none, or the export did not carry the column. */
  readonly uniqueUserId: string;
}

export interface LicenseChange {
  readonly email: string;
  readonly uniqueUserId: string;
}

export interface NewUser extends LicenseChange {
  readonly givenName: string;
  readonly familyName: string;
}

export type UploadContent =
  | { readonly kind: 'email-change' | 'domain-change'; readonly rows: readonly EmailChange[] }
  /** `ids` writes the ID and nothing else. */
  | { readonly kind: 'license-off' | 'license-on' | 'leavers' | 'ids'; readonly rows: readonly LicenseChange[] }
  | { readonly kind: 'add-users'; readonly rows: readonly NewUser[] };

/** A CSV before it is text: a header and rows of the same width. */
export interface UploadTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * The columns and cells of one upload (LinkedIn help a7762565; email change a703904; domain change a147282, a7461205).
 * The ID column is left out when no row has an ID: a blank cell may count as a value. `groups` and `admin_permission` are
 * never written, because an upload overwrites all of a person's groups and a blank may take a permission away.
 */
export function uploadTable(content: UploadContent, idColumn: IdColumn = 'unique_user_id'): UploadTable {
  const withIds = content.rows.some((row) => row.uniqueUserId !== '');
  const id = <T>(value: T): readonly T[] => (withIds ? [value] : []);
  switch (content.kind) {
    case 'email-change':
      return {
        columns: ['existing_email_address', 'invited_email_address', ...id(idColumn)],
        rows: content.rows.map((row) => [row.existingEmail, row.newEmail, ...id(row.uniqueUserId)]),
      };
    case 'domain-change':
      return {
        columns: ['existing_email_address', 'invited_email_address', 'domain_name_change'],
        rows: content.rows.map((row) => [row.existingEmail, row.newEmail, 'TRUE']),
      };
    case 'license-off':
    case 'license-on':
    case 'leavers': {
      const status = content.kind === 'license-on' ? 'active' : 'inactive';
      return {
        columns: ['invited_email_address', ...id(idColumn), 'sales_license_current_status'],
        rows: content.rows.map((row) => [row.email, ...id(row.uniqueUserId), status]),
      };
    }
    case 'ids':
      return { columns: ['invited_email_address', idColumn], rows: content.rows.map((row) => [row.email, row.uniqueUserId]) };
    case 'add-users':
      return {
        columns: ['invited_email_address', 'preferred_first_name', 'preferred_last_name', ...id(idColumn), 'sales_license_current_status'],
        rows: content.rows.map((row) => [row.email, row.givenName, row.familyName, ...id(row.uniqueUserId), 'active']),
      };
  }
}

/**
 * Comma-separated, UTF-8 without BOM (a BOM would become part of the first header for a plain parser), CRLF and quotes
 * only where needed, as RFC 4180 §2 has it. Values are written as they stand: what must not be written is refused before.
 */
export const writeUploadFile = (table: UploadTable): string =>
  [table.columns, ...table.rows].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
