import type { UsageField } from '../connector.ts';
import {
  type Aliases,
  type CsvFile,
  fieldText,
  headerKey,
  lineCounter,
  loadCsv,
  type MappedColumn,
  mapColumns,
  type OpenOptions,
  openRows,
  type RejectAt,
} from '../csv.ts';
import { FileRefused } from '../errors.ts';

/**
 * Headers of Sales Navigator's usage report (help a103027), as headerKey writes them, best first. LinkedIn publishes no list of them: these
 * are the names of the metrics on its pages (a124415) and how such a table is usually spelled. What is missing is mapped by hand.
 */
export const usageAliases: Aliases<UsageField> = {
  email: ['email', 'emailaddress', 'useremail', 'workemail', 'primaryemail', 'invitedemailaddress', 'invitedemail', 'memberemail'],
  uniqueUserId: ['uniqueuserid', 'employeeid', 'employeeuserid', 'uniqueid', 'externalid'],
  seatId: ['seatid', 'salesnavigatorseatid', 'licenseid'],
  name: ['name', 'fullname', 'username', 'user', 'member', 'membername', 'seatholder', 'displayname'],
  daysActive: ['daysactive', 'activedays', 'totaldaysactive', 'numberofdaysactive', 'dayslogin', 'daysloggedin'],
  searches: ['searchesperformed', 'searches', 'totalsearches', 'numberofsearches', 'searchesconducted'],
  profileViews: ['profileviews', 'profilesviewed', 'viewedprofiles', 'totalprofileviews', 'profileview'],
  savedLeads: ['savedleads', 'leadssaved', 'totalleadssaved', 'totalsavedleads'],
  savedAccounts: ['savedaccounts', 'accountssaved', 'totalaccountssaved', 'totalsavedaccounts'],
  inMailSent: ['inmailmessagessent', 'inmailssent', 'inmailsent', 'sentinmails', 'inmails', 'inmail', 'totalinmailssent'],
  inMailAccepted: ['inmailsaccepted', 'inmailmessagesaccepted', 'inmailaccepted', 'acceptedinmails'],
  inMailAcceptance: ['inmailacceptancerate', 'inmailmessagesacceptancerate', 'inmailacceptance', 'inmailsacceptancerate', 'acceptancerate'],
  messages: ['messagessent', 'messages', 'totalmessagessent', 'totalmessages'],
  connections: ['totaluniqueconnections', 'uniqueconnections', 'totalconnections', 'connections', 'connectionsmade', 'newconnections'],
  smartLinksCreated: ['smartlinkscreated', 'smartlinkcreated', 'smartlinks', 'createdsmartlinks'],
  smartLinksViewed: ['smartlinksviewed', 'smartlinkviews', 'smartlinksviews', 'viewedsmartlinks', 'smartlinkviewed'],
  from: ['startdate', 'from', 'fromdate', 'periodstart', 'reportstart', 'reportstartdate', 'daterangestart'],
  to: ['enddate', 'to', 'todate', 'periodend', 'reportend', 'reportenddate', 'daterangeend'],
};

const keys = ['email', 'uniqueUserId', 'seatId'] as const;
const texts: readonly UsageField[] = [...keys, 'name', 'from', 'to'];

/** A number of a report; `inMailAccepted` only serves the rate. */
export type UsageNumber = Exclude<UsageField, (typeof keys)[number] | 'name' | 'from' | 'to'>;

/** Somebody as a usage report has them; '' where it has no such column. */
export interface UsageRow {
  /** 1 is the first line of the file. */
  readonly line: number;
  readonly email: string;
  readonly uniqueUserId: string;
  readonly seatId: string;
  readonly name: string;
  /** Null: blank, or no such column. That is not zero: LinkedIn leaves people blank who have not finished onboarding (help a103027). */
  readonly values: Readonly<Record<Exclude<UsageNumber, 'inMailAccepted'>, number | null>>;
}

/** A usage report of Sales Navigator: what was recognised, and how to read it. */
export interface UsageFile {
  readonly csv: CsvFile;
  readonly mapping: readonly MappedColumn<UsageField>[];
  readonly unmapped: readonly string[];
  /** Whether its header alone tells that it is one: it measures two things at least. */
  readonly isSure: boolean;
  /** One sentence on what no column holds and must, else null. */
  readonly missing: string | null;
  readonly warnings: readonly string[];
  /** What may tell the period: lines above the header, and the days that rows name. */
  readonly aboutPeriod: readonly string[];
  /** Reads it to its end. Throws FileRefused; then nothing of the file may be kept. */
  readRows(): { readonly rows: readonly UsageRow[]; readonly rejects: readonly RejectAt[] };
}

/** Opens a usage report. Throws FileRefused when it is no CSV, or when `map` names what does not exist. */
export async function openUsageFile(source: string | Uint8Array, options: OpenOptions = {}): Promise<UsageFile> {
  const csv = await loadCsv(source, { name: options.name, hash: options.hash, isHeader: (columns) => isHeader(columns, options.map) });
  const { mapping, unmapped } = mapColumns(csv, usageAliases, options.map);
  const measured = mapping.filter(({ field }) => !texts.includes(field));
  const missing = missingOf(csv, mapping);
  return {
    csv,
    mapping,
    unmapped,
    isSure: measured.length >= 2,
    missing,
    warnings: csv.warnings,
    aboutPeriod: [...csv.outside, ...daysOfRows(csv, mapping)],
    readRows() {
      if (missing !== null) throw new FileRefused('missing-column', csv.name, missing);
      return readUsage(csv, mapping);
    },
  };
}

function isHeader(columns: readonly string[], map: Readonly<Record<string, string>> = {}): boolean {
  const decided = Object.keys(map).map(headerKey);
  const known = Object.values(usageAliases).flat();
  return columns.map(headerKey).filter((key) => known.includes(key) || decided.includes(key)).length >= 2;
}

function missingOf(csv: CsvFile, mapping: readonly MappedColumn<UsageField>[]): string | null {
  const has = (field: UsageField): boolean => mapping.some((column) => column.field === field);
  const seen = `Columns seen: ${csv.header.join(', ')}.`;
  if (!keys.some(has)) return `No column holds the email. ${seen} Say which one it is (command line: --map "COLUMN=email").`;
  if (mapping.every(({ field }) => texts.includes(field)))
    return `No column measures anything, such as days active. ${seen} Say which one does (command line: --map "COLUMN=daysActive").`;
  return null;
}

/** The days that the first row names as the report's own; every row has the same. */
function daysOfRows(csv: CsvFile, mapping: readonly MappedColumn<UsageField>[]): readonly string[] {
  const days = (['from', 'to'] as const).flatMap((field) => {
    const index = mapping.find((column) => column.field === field)?.index;
    const text = index === undefined ? '' : (csv.preview[0]?.[index] ?? '');
    return text.trim() === '' ? [] : [text];
  });
  return days.length === 2 ? [days.join(' to ')] : [];
}

const blanks = new Set(['', '-', '–', '—', 'n/a', 'na', 'null', 'none', '--']);

/** A whole number as spreadsheets write it: 1204, 1,204, 1.204, 1 204, 12.0. Null: blank. Undefined: no such number. */
export function readCount(cell: string): number | null | undefined {
  const text = cell.trim().toLowerCase();
  if (blanks.has(text)) return null;
  if (/^\d{1,9}([.,]0{1,2})?$/.test(text)) return Number(text.replace(/[.,].*$/, ''));
  return /^\d{1,3}(?:([,.'’ \u00a0\u202f])\d{3})(?:\1\d{3})*$/.test(text) ? Number(text.replace(/\D/g, '')) : undefined;
}

/** A rate as written: the number, and whether a percent sign says what it is of. Null: blank. Undefined: no such number. */
function readRate(cell: string): { readonly value: number; readonly isPercent: boolean } | null | undefined {
  const text = cell.trim().toLowerCase();
  if (blanks.has(text)) return null;
  const match = /^(\d{1,3}(?:[.,]\d{1,9})?)\s*(%)?$/.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]!.replace(',', '.'));
  return value > 100 ? undefined : { value, isPercent: match[2] !== undefined };
}

const round = (value: number): number => Math.round(value * 100) / 100;

function readUsage(
  csv: CsvFile,
  mapping: readonly MappedColumn<UsageField>[],
): { rows: readonly UsageRow[]; rejects: readonly RejectAt[] } {
  const rejects: RejectAt[] = [];
  const reader = openRows(
    csv,
    mapping.map(({ index }) => index),
    (reject) => rejects.push(reject),
  );
  const lineOf = lineCounter(csv);
  const found: { row: UsageRow; rate: ReturnType<typeof readRate>; accepted: number | null }[] = [];
  const seen = new Map<string, number>();
  let repeats = 0;
  for (let batch = reader.next(); batch; batch = reader.next()) {
    const { bytes, ranges, count } = batch;
    for (let n = 0; n < count; n++) {
      const starts = 2 * n * mapping.length;
      const cells = new Map(
        mapping.map(({ field }, k) => [field, fieldText(bytes, ranges[starts + 2 * k]!, ranges[starts + 2 * k + 1]!).trim()]),
      );
      const text = (field: UsageField): string => cells.get(field) ?? '';
      // A row that ends early has no place for its last columns.
      const offset = Math.min(...mapping.map((_, k) => ranges[starts + 2 * k]!).filter((at) => at > 0));
      const line = lineOf(offset);
      const refuse = (column: UsageField | null, reason: string): void => {
        rejects.push({ line, column: mapping.find(({ field }) => field === column)?.column ?? null, reason, offset });
      };
      const who = keys.map((key) => text(key).toLowerCase());
      const key = who.find((value) => value !== '');
      if (key === undefined) {
        const first = keys.find((one) => cells.has(one))!;
        refuse(first, 'There is no email and no ID: nobody can tell whose row this is.');
        continue;
      }
      if (key === who[0] && !key.includes('@')) {
        refuse('email', `“${text('email').slice(0, 40)}” is no email: perhaps this is the line of totals.`);
        continue;
      }
      const before = seen.get(key);
      if (before !== undefined) {
        repeats += 1;
        refuse(keys.find((one) => text(one) !== '')!, `The same person stands in line ${before} already.`);
        continue;
      }
      const wrong = mapping.find(({ field }) =>
        texts.includes(field) ? false : (field === 'inMailAcceptance' ? readRate(text(field)) : readCount(text(field))) === undefined,
      );
      if (wrong !== undefined) {
        refuse(wrong.field, `“${text(wrong.field).slice(0, 40)}” is not ${wrong.field === 'inMailAcceptance' ? 'a rate' : 'a number'}.`);
        continue;
      }
      seen.set(key, line);
      const number = (field: UsageNumber): number | null => readCount(text(field)) ?? null;
      found.push({
        rate: readRate(text('inMailAcceptance')),
        accepted: number('inMailAccepted'),
        row: {
          line,
          email: text('email'),
          uniqueUserId: text('uniqueUserId'),
          seatId: text('seatId'),
          name: text('name'),
          values: {
            daysActive: number('daysActive'),
            searches: number('searches'),
            profileViews: number('profileViews'),
            savedLeads: number('savedLeads'),
            savedAccounts: number('savedAccounts'),
            inMailSent: number('inMailSent'),
            inMailAcceptance: null,
            messages: number('messages'),
            connections: number('connections'),
            smartLinksCreated: number('smartLinksCreated'),
            smartLinksViewed: number('smartLinksViewed'),
          },
        },
      });
    }
  }
  if (repeats > 2 && repeats * 5 > found.length)
    throw new FileRefused(
      'wrong-kind',
      csv.name,
      'People stand in this report several times, as one row a day would. Export it with one row a person for the whole period.',
    );
  if (found.length === 0) {
    const { line, reason } = rejects[0]!;
    throw new FileRefused(
      'no-usable-row',
      csv.name,
      `None of the ${rejects.length} rows can be used. Line ${line}: ${reason} Export the report again.`,
    );
  }
  const rates = found.flatMap(({ rate }) => (rate ? [rate] : []));
  // 0.42 in a column without a percent sign and without anything above 1 is 42 %.
  const scale = rates.some(({ isPercent, value }) => isPercent || value > 1) ? 1 : 100;
  return {
    rejects: rejects.toSorted((a, b) => a.line - b.line),
    rows: found.map(({ row, rate, accepted }) => ({
      ...row,
      values: { ...row.values, inMailAcceptance: acceptanceOf(rate ? round(rate.value * scale) : null, row.values.inMailSent, accepted) },
    })),
  };
}

/** Percent; null where nothing was sent: of nothing there is no rate. */
function acceptanceOf(rate: number | null, sent: number | null, accepted: number | null): number | null {
  if (sent === 0) return null;
  if (rate !== null) return rate;
  return sent === null || accepted === null || accepted > sent ? null : round((accepted * 100) / sent);
}
