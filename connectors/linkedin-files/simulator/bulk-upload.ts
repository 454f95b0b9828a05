import {
  type AdminCenter,
  type Author,
  addDue,
  copyOf,
  findByEmail,
  findByUniqueId,
  minuteMs,
  type Person,
  type RefusalCode,
  random,
  refusalTexts,
  salesTypes,
  type UploadFaults,
  type UploadRecord,
} from './admin-center.ts';
import { parseTable, writeTable } from './table.ts';
import {
  type Attributes,
  addPerson,
  giveLicense,
  noteOverwritten,
  refuseEmail,
  refuseLicense,
  setAttributes,
  setEmail,
  takeLicense,
} from './write-person.ts';

export interface UploadAnswer {
  readonly record: UploadRecord;
  /** The uploaded columns and `Messages`; a critical error stands above the header (help a106098). */
  readonly result: Uint8Array;
}

const idColumns = ['unique_user_id', 'employee_id', 'employee_user_id'];
const statusColumns = ['sales_license_current_status', 'teamlink_extend_license_current_status'];
const emailColumns = ['existing_email_address', 'invited_email_address', 'domain_name_change'];
/** Help a7762565, a147282, a703904. */
const templateColumns = new Set([
  ...emailColumns,
  ...idColumns,
  ...statusColumns,
  'preferred_first_name',
  'preferred_last_name',
  'seat_id',
  'admin_permission',
  'groups',
]);
const teamLink = 'TeamLink Extend';

/** Takes an upload by delivery and answers its number; it is worked through at once, or later where the settings say so. */
export function takeUpload(center: AdminCenter, name: string, bytes: Uint8Array, faults: UploadFaults = {}): number {
  const number = ++center.counters.uploads;
  const { uploadMinutes } = center.settings;
  if (uploadMinutes <= 0) workThrough(center, { number, name }, bytes, faults);
  else {
    const file = Buffer.from(bytes).toString('base64');
    addDue(center, { at: center.now + uploadMinutes * minuteMs, what: 'upload', number, name, file, faults });
  }
  return number;
}

/** An upload by a person who waits for its result. */
export const uploadFile = (center: AdminCenter, name: string, bytes: Uint8Array, faults: UploadFaults = {}): UploadAnswer =>
  workThrough(center, { number: ++center.counters.uploads, name }, bytes, faults);

/** Null where the upload was not worked through yet, or its result was kept no longer. */
export const resultOf = (center: AdminCenter, number: string): Uint8Array | null => {
  const text = center.results[number];
  return text === undefined ? null : encode(text);
};

const keptResults = 20;

function answered(center: AdminCenter, record: UploadRecord, text: string): UploadAnswer {
  center.uploads.push(record);
  center.results[record.number] = text;
  const [oldest] = Object.keys(center.results);
  if (Object.keys(center.results).length > keptResults) delete center.results[oldest!];
  return { record, result: encode(text) };
}

/**
 * A first scan that refuses the file whole, then batch by batch, row by row. A row is done whole or not at all.
 * People are found by Unique User ID first and by email second, so an ID of somebody else changes somebody else.
 */
export function workThrough(
  center: AdminCenter,
  { number, name }: { readonly number: number; readonly name: string },
  bytes: Uint8Array,
  faults: UploadFaults,
): UploadAnswer {
  const found = scan(center, bytes);
  const scanned = faults.firstScan ? { failure: 'The file could not be processed.', header: found.header } : found;
  const counts = { number, name, at: center.now };
  if ('failure' in scanned) {
    const header = scanned.header.length > 0 ? scanned.header : ['invited_email_address'];
    const record = { ...counts, rows: 0, applied: 0, unchanged: 0, refused: 0, untouched: 0, critical: scanned.failure };
    return answered(center, record, `${writeTable([[scanned.failure]])}${writeTable([[...header, 'Messages']])}`);
  }
  const { header, rows } = scanned;
  const stopAt =
    faults.stopAfterBatches === undefined ? rows.length : Math.min(rows.length, faults.stopAfterBatches * center.settings.batchRows);
  const author: Author = { by: 'upload', upload: number };
  const tally = { applied: 0, unchanged: 0, refused: 0, untouched: rows.length - stopAt };
  const readRow = rowReader(header);
  const before: Record<string, Person | null> = {};
  center.beforeLastUpload = { at: center.now, people: before };
  const messages = rows.map((cells, index) => {
    if (index >= stopAt) return '';
    const row = readRow(cells);
    const refusal = chance(center, row, faults) ? 'busy' : applyRow(center, row, author, before);
    if (refusal === 'applied' || refusal === 'unchanged') {
      tally[refusal] += 1;
      return '';
    }
    tally.refused += 1;
    return refusalTexts[refusal];
  });
  const critical = stopAt < rows.length ? `Processing stopped after ${stopAt} of ${rows.length} rows.` : null;
  const record = { ...counts, rows: rows.length, ...tally, critical };
  const table = writeTable([[...header, 'Messages'], ...rows.map((cells, index) => [...cells, messages[index]!])]);
  return answered(center, record, critical === null ? table : `${writeTable([[critical]])}${table}`);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function chance(center: AdminCenter, { existing, invited }: Row, { refuseEmails = [], refusePercent = 0 }: UploadFaults): boolean {
  if (refuseEmails.includes(invited) || (existing !== null && refuseEmails.includes(existing))) return true;
  return refusePercent > 0 && random(center) * 100 < refusePercent;
}

type Scanned = { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };

function scan(center: AdminCenter, bytes: Uint8Array): Scanned | { readonly failure: string; readonly header: readonly string[] } {
  const { largestUpload, combinedKinds } = center.settings;
  const fail = (failure: string, header: readonly string[] = []) => ({ failure, header });
  if (bytes.length > largestUpload.bytes) return fail('The file is too large.');
  let table: string[][];
  try {
    table = parseTable(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail('The file is not a CSV file in UTF-8.');
  }
  const [header, ...rows] = table;
  if (!header) return fail('The file is empty.');
  const columns = header.map((column) => column.trim().toLowerCase());
  if (!columns.includes('invited_email_address')) return fail('The column invited_email_address is missing.');
  if (new Set(columns).size < columns.length) return fail('A column appears twice.', header);
  if (columns.some((column) => !templateColumns.has(column))) return fail('The file has a column that is not in the template.', header);
  if (columns.filter((column) => idColumns.includes(column)).length > 1)
    return fail('The file has two columns for the employee ID.', header);
  if (columns.includes('domain_name_change') && !columns.includes('existing_email_address'))
    return fail('The column existing_email_address is missing.', header);
  if (combinedKinds === 'refused' && columns.includes('existing_email_address') && columns.some((column) => statusColumns.includes(column)))
    return fail('Emails and licenses cannot be changed by the same file.', header);
  if (rows.length === 0) return fail('The file has no rows.', header);
  if (rows.length > largestUpload.rows) return fail('The file has too many rows.', header);
  for (const cells of rows) {
    if (cells.length !== columns.length) return fail('A row has more or fewer cells than the header.', header);
    for (const [index, column] of columns.entries()) {
      const cell = cells[index]!.trim().toLowerCase();
      if ((column === 'invited_email_address' || column === 'existing_email_address') && cell === '')
        return fail('A row has no email address.', header);
      if (statusColumns.includes(column) && !['active', 'inactive', ''].includes(cell))
        return fail('A license status is not known.', header);
      if (column === 'domain_name_change' && cell !== 'true') return fail('domain_name_change must be TRUE in every row.', header);
      if (column === 'admin_permission' && !['admin', 'reporting', ''].includes(cell)) return fail('A permission is not known.', header);
    }
  }
  return { header, rows };
}

interface Row {
  /** Null in a file that changes no emails. */
  readonly existing: string | null;
  readonly invited: string;
  readonly domainChange: boolean;
  readonly uniqueUserId: string;
  readonly sales: string;
  readonly teamLink: string;
  readonly attributes: Attributes;
}

function rowReader(header: readonly string[]): (cells: readonly string[]) => Row {
  const columns = header.map((column) => column.trim().toLowerCase());
  const cellOf = (column: string): ((cells: readonly string[]) => string | undefined) => {
    const index = columns.indexOf(column);
    return (cells) => (index < 0 ? undefined : cells[index]!.trim());
  };
  const existing = cellOf('existing_email_address');
  const invited = cellOf('invited_email_address');
  const id = cellOf(columns.find((column) => idColumns.includes(column)) ?? '');
  const sales = cellOf('sales_license_current_status');
  const teamLinkStatus = cellOf('teamlink_extend_license_current_status');
  const given = cellOf('preferred_first_name');
  const family = cellOf('preferred_last_name');
  const groupCell = cellOf('groups');
  const permissionCell = cellOf('admin_permission');
  const domainChange = columns.includes('domain_name_change');
  return (cells) => {
    const uniqueUserId = id(cells) ?? '';
    const givenName = given(cells);
    const familyName = family(cells);
    const groups = groupCell(cells);
    const permission = permissionCell(cells);
    return {
      existing: existing(cells) ?? null,
      invited: invited(cells)!,
      domainChange,
      uniqueUserId,
      sales: sales(cells)?.toLowerCase() ?? '',
      teamLink: teamLinkStatus(cells)?.toLowerCase() ?? '',
      attributes: {
        ...(uniqueUserId ? { uniqueUserId } : {}),
        ...(givenName ? { givenName } : {}),
        ...(familyName ? { familyName } : {}),
        ...(groups === undefined ? {} : { groups: groups.split(',').flatMap((group) => group.trim() || []) }),
        ...(permission === undefined ? {} : { permission: permission.toLowerCase() as Person['permission'] }),
      },
    };
  };
}

type RowOutcome = 'applied' | 'unchanged' | RefusalCode;

function applyRow(center: AdminCenter, row: Row, author: Author, before: Record<string, Person | null>): RowOutcome {
  const named = findByEmail(center, row.existing ?? row.invited);
  const found = (row.uniqueUserId === '' ? undefined : findByUniqueId(center, row.uniqueUserId)) ?? named;
  if (found === undefined) return row.existing === null ? addRow(center, row, author, before) : 'no-such-person';
  if (found.source === 'idp' && center.settings.idpEdits === 'refused') return 'idp-owned';
  const isOther = named !== undefined && named !== found;
  // A row that an ID turned to somebody else does not move the address of the person it names.
  const email = row.existing === null && isOther ? found.profileEmail : row.invited;
  if (email.toLowerCase() !== found.profileEmail.toLowerCase() || row.existing !== null) {
    const refusal = refuseEmail(center, found, email);
    if (refusal !== null) return refusal;
    if (row.domainChange && localPart(row.existing!) !== localPart(email)) return 'local-part-differs';
  }
  const given = typesToGive(center, found, row);
  const refusal = refuseLicense(center, found, given);
  if (refusal !== null) return refusal;

  before[found.id] ??= copyOf(found);
  const writes = center.journal.length;
  if (isOther) noteOverwritten(center, found, named.profileEmail, author);
  if (email.toLowerCase() !== found.profileEmail.toLowerCase()) setEmail(center, found, email, author);
  setAttributes(center, found, row.attributes, author);
  const taken = [
    ...(row.sales === 'inactive' ? salesTypes(found.licenseTypes) : []),
    ...(row.teamLink === 'inactive' ? found.licenseTypes.filter((type) => type === teamLink) : []),
  ];
  if (taken.length > 0 || (row.sales === 'inactive' && found.licenseTypes.length === 0)) takeLicense(center, found, taken, author);
  giveLicense(center, found, given, author);
  if (center.journal.length === writes) {
    delete before[found.id];
    return 'unchanged';
  }
  return 'applied';
}

/** Somebody unknown is added, whatever the file was for; without `active` no invitation goes out (help a133029). */
function addRow(center: AdminCenter, row: Row, author: Author, before: Record<string, Person | null>): RowOutcome {
  const given = typesToGive(center, null, row);
  const refusal = refuseEmail(center, null, row.invited) ?? refuseLicense(center, null, given);
  if (refusal !== null) return refusal;
  const { groups, permission, ...names } = row.attributes;
  const person = addPerson(
    center,
    { profileEmail: row.invited, source: 'csv', managedBy: 'CSV', ...names, groups: [...(groups ?? [])], permission: permission ?? '' },
    author,
  );
  before[person.id] = null;
  giveLicense(center, person, given, author);
  return 'applied';
}

/** What `active` means for somebody: nothing new where they have a license, else what they last had, or the contract's usual one. */
function typesToGive(center: AdminCenter, person: Person | null, row: Row): string[] {
  const types: string[] = [];
  const held = person?.licenseTypes ?? [];
  const isUntyped = person !== null && person.license !== 'none' && held.length === 0;
  if (row.sales === 'active' && salesTypes(held).length === 0 && !isUntyped) {
    const former = center.settings.licenseOnGives === 'last-held' ? salesTypes(person?.formerTypes ?? []) : [];
    types.push(...(former.length > 0 ? former : [center.settings.defaultType]));
  }
  if (row.teamLink === 'active' && !held.includes(teamLink)) types.push(teamLink);
  return types;
}

const localPart = (email: string): string => email.slice(0, email.lastIndexOf('@')).trim().toLowerCase();
