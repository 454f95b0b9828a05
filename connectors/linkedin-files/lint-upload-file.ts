import { idColumns, type UploadKind, type UploadTable } from './write-upload-file.ts';

/** Somebody who is in LinkedIn now, with or without a license, as the full export showed them. */
export interface Holder {
  readonly email: string;
  readonly uniqueUserId: string;
  /** License types held, as written. Empty: the export does not say. */
  readonly licenses: readonly string[];
}

export interface LintContext {
  readonly kind: UploadKind;
  /** Everybody in LinkedIn at the moment the file would be uploaded. */
  readonly holders: Iterable<Holder>;
  /** Rows per file; 2,000 unless set (LinkedIn names no limit for a file; help a186605 names 2,000 for its queue). */
  readonly rowLimit?: number;
}

export type RefusalCode =
  | 'empty'
  | 'no-email-column'
  | 'double-column'
  | 'unknown-column'
  | 'groups-column'
  | 'two-kinds'
  | 'too-many-rows'
  | 'ragged-row'
  | 'admin-permission-blank'
  | 'formula'
  | 'unprintable'
  | 'not-an-address'
  | 'invalid-domain'
  | 'local-part-differs'
  | 'unchanged'
  | 'unknown-status'
  | 'unknown-person'
  | 'double-person'
  | 'double-target'
  | 'target-taken'
  | 'double-id'
  | 'id-of-another'
  | 'id-changes'
  | 'license-type-unknown';

/** Why something may not be uploaded. `row` is the index in the table, null where the whole file is refused. */
export interface Refusal {
  readonly row: number | null;
  readonly column: string | null;
  readonly code: RefusalCode;
  readonly why: string;
}

const emailColumns = ['existing_email_address', 'invited_email_address'] as const;
const statusColumns = ['sales_license_current_status', 'teamlink_extend_license_current_status'] as const;
/** The template's columns (LinkedIn help a7762565) and those of the email change (a147282, a703904). */
const knownColumns: ReadonlySet<string> = new Set([
  ...emailColumns,
  ...statusColumns,
  ...idColumns,
  'domain_name_change',
  'preferred_first_name',
  'preferred_last_name',
  'seat_id',
  'admin_permission',
]);

const key = (text: string): string => text.trim().toLowerCase();
const localPart = (email: string): string => email.slice(0, email.lastIndexOf('@'));
/** What Admin Center can be trusted to read the same way; rarer spellings (quoted local parts) are for a person to enter. */
const address = /^[^\s@"(),:;<>[\\\]]{1,64}@(?:[^\s@"(),:;<>[\\\].]+\.)+[^\s@"(),:;<>[\\\].]{2,}$/u;

/**
 * Everything that may not go into Admin Center's upload, with the reason in one sentence. Alters nothing: a refused row is
 * to be left out and shown. Refusals of the whole file come first; none means that the file may be uploaded as it stands.
 */
export function lintUploadFile(table: UploadTable, { kind, holders, rowLimit = 2_000 }: LintContext): readonly Refusal[] {
  const columns = table.columns.map(key);
  const refusals: Refusal[] = [];
  const refuse = (row: number | null, column: string | null, code: RefusalCode, why: string): void => {
    refusals.push({ row, column, code, why });
  };
  lintColumns(columns, table, rowLimit, refuse);

  const at = (name: string): number => columns.indexOf(name);
  const existingAt = at('existing_email_address');
  const emailAt = at('invited_email_address');
  const idAt = columns.findIndex((column) => (idColumns as readonly string[]).includes(column));
  const statusAt = statusColumns.map(at).filter((index) => index >= 0);
  const permissionAt = at('admin_permission');
  const domainChangeAt = at('domain_name_change');
  if (emailAt < 0) return refusals;

  const byEmail = new Map<string, Holder>();
  const byId = new Map<string, Holder[]>();
  for (const holder of holders) {
    if (holder.email.trim() !== '') byEmail.set(key(holder.email), holder);
    const id = key(holder.uniqueUserId);
    if (id === '') continue;
    const same = byId.get(id);
    if (same === undefined) byId.set(id, [holder]);
    else same.push(holder);
  }
  const idCounts = counted(table.rows, idAt);
  const targetCounts = counted(table.rows, emailAt);
  const personCounts = counted(table.rows, existingAt);
  const isEmailChange = existingAt >= 0;

  table.rows.forEach((cells, row) => {
    if (cells.length !== columns.length) {
      refuse(row, null, 'ragged-row', `The row has ${cells.length} cells; the header has ${columns.length}.`);
      return;
    }
    cells.forEach((cell, index) => {
      const column = columns[index]!;
      if (/^[=+\-@\t]/.test(cell))
        refuse(
          row,
          column,
          'formula',
          `The value starts with ${name(cell[0]!)}, which a spreadsheet would run as a formula. Correct it at its source.`,
        );
      // The present address must stand as LinkedIn has it, invisible characters included: it is what the file looks up.
      else if (column === 'existing_email_address' ? /\p{Cc}/u.test(cell) : /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(cell))
        refuse(row, column, 'unprintable', 'The value holds a line break or a character that cannot be seen. Correct it at its source.');
    });
    const email = cells[emailAt]!;
    const existing = isEmailChange ? cells[existingAt]! : email;
    if (isEmailChange && existing.trim() === '')
      refuse(row, 'existing_email_address', 'not-an-address', 'The present address is missing, so LinkedIn cannot find the person.');
    if (!address.test(email) || email.length > 254)
      refuse(
        row,
        'invited_email_address',
        'not-an-address',
        email === '' ? 'The address is missing.' : 'The value is not an email address.',
      );
    else if (/\.invalid$/i.test(email))
      refuse(row, 'invited_email_address', 'invalid-domain', 'The new address ends in .invalid, as in a sandbox: no mail can reach it.');

    const holder = byEmail.get(key(existing));
    if (isEmailChange) {
      if (existing === email)
        refuse(row, 'invited_email_address', 'unchanged', 'The new address is the present one: there is nothing to change.');
      const taken = byEmail.get(key(email));
      if (taken !== undefined && key(taken.email) !== key(existing))
        refuse(
          row,
          'invited_email_address',
          'target-taken',
          personCounts.has(key(email))
            ? 'Another person of this file still has the new address. It must be freed and seen in LinkedIn before this row can follow in a later file.'
            : 'Somebody else already has the new address in LinkedIn. Solve that person first.',
        );
      if (personCounts.get(key(existing))! > 1)
        refuse(row, 'existing_email_address', 'double-person', 'The same person stands in this file more than once.');
    }
    if (kind === 'add-users') {
      if (holder !== undefined)
        refuse(
          row,
          'invited_email_address',
          'target-taken',
          'Somebody already has this address in LinkedIn. Adding it would overwrite that person.',
        );
    } else if (holder === undefined)
      refuse(
        row,
        isEmailChange ? 'existing_email_address' : 'invited_email_address',
        'unknown-person',
        'Nobody in the LinkedIn export has this address.',
      );
    if (targetCounts.get(key(email))! > 1)
      refuse(row, 'invited_email_address', 'double-target', 'Two rows of this file would get the same address.');
    if (domainChangeAt >= 0) {
      if (cells[domainChangeAt] !== 'TRUE') refuse(row, 'domain_name_change', 'two-kinds', 'A domain-change file needs TRUE in every row.');
      if (localPart(existing) !== localPart(email))
        refuse(row, 'invited_email_address', 'local-part-differs', 'In a domain-change file the part before the @ must stay the same.');
    }
    for (const index of statusAt) {
      const status = key(cells[index]!);
      if (status !== 'active' && status !== 'inactive')
        refuse(row, columns[index]!, 'unknown-status', 'The license status must be active or inactive.');
      else if (status === 'inactive' && holder !== undefined && holder.licenses.every((license) => license.trim() === ''))
        refuse(
          row,
          columns[index]!,
          'license-type-unknown',
          'The export does not say which license this is, so nobody could give the same one back.',
        );
    }
    if (permissionAt >= 0 && cells[permissionAt]!.trim() === '')
      refuse(row, 'admin_permission', 'admin-permission-blank', 'A blank here may take away an admin permission. Leave the column out.');

    const id = idAt < 0 ? '' : key(cells[idAt]!);
    if (id !== '') {
      const column = columns[idAt]!;
      if (idCounts.get(id)! > 1)
        refuse(row, column, 'double-id', 'Two rows of this file have the same ID. LinkedIn would merge two people.');
      if ((byId.get(id) ?? []).some((other) => key(other.email) !== key(existing)))
        refuse(row, column, 'id-of-another', 'In LinkedIn this ID belongs to somebody else. An upload would overwrite that person.');
      else if (holder !== undefined && holder.uniqueUserId.trim() !== '' && key(holder.uniqueUserId) !== id)
        refuse(row, column, 'id-changes', 'LinkedIn has another ID for this person. IDs are not changed by this file.');
    }
  });
  return refusals;
}

function lintColumns(
  columns: readonly string[],
  table: UploadTable,
  rowLimit: number,
  refuse: (row: null, column: string | null, code: RefusalCode, why: string) => void,
): void {
  if (table.rows.length === 0) refuse(null, null, 'empty', 'The file has no rows.');
  if (table.rows.length > rowLimit)
    refuse(null, null, 'too-many-rows', `The file has ${table.rows.length} rows; at most ${rowLimit} go into one file.`);
  if (!columns.includes('invited_email_address'))
    refuse(null, 'invited_email_address', 'no-email-column', 'The column invited_email_address is missing.');
  if (columns.filter((column) => (idColumns as readonly string[]).includes(column)).length > 1)
    refuse(null, null, 'double-column', 'The file has more than one ID column.');
  columns.forEach((column, index) => {
    if (columns.indexOf(column) !== index) refuse(null, column, 'double-column', `The column ${column} stands twice.`);
    if (column === 'groups')
      refuse(null, column, 'groups-column', 'A groups column overwrites all groups of everybody in the file. Leave the column out.');
    else if (!knownColumns.has(column)) refuse(null, column, 'unknown-column', `"${column}" is not a column of LinkedIn's template.`);
  });
  const statuses = new Set(
    statusColumns.flatMap((name) => (columns.includes(name) ? table.rows.map((cells) => key(cells[columns.indexOf(name)] ?? '')) : [])),
  );
  const changesEmail = columns.includes('existing_email_address') || columns.includes('domain_name_change');
  if (changesEmail && statusColumns.some((name) => columns.includes(name)))
    refuse(null, null, 'two-kinds', 'The file changes emails and licenses. Make one file for each.');
  if (statuses.has('active') && statuses.has('inactive'))
    refuse(null, null, 'two-kinds', 'The file gives licenses and takes licenses. Make one file for each.');
  if (columns.includes('domain_name_change') && !columns.includes('existing_email_address'))
    refuse(null, 'existing_email_address', 'two-kinds', 'A domain-change file needs the column existing_email_address.');
}

function counted(rows: UploadTable['rows'], column: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (column < 0) return counts;
  for (const cells of rows) {
    const value = key(cells[column] ?? '');
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

const name = (character: string): string => (character === '\t' ? 'a tab' : character);
