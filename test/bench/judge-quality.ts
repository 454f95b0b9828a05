import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** What one class of license holders became. Counts are rows of truth that name a license. */
export interface ClassQuality {
  readonly name: string;
  /** What the generator asks for: see generate.mjs. */
  readonly expect: string;
  readonly rows: number;
  /** Status and reason as asked, with the right owner where one is asked for. */
  readonly asExpected: number;
  /** The right person is the owner, or stands first among the suggestions. */
  readonly rightFirst: number;
  readonly matched: number;
  /** Matched with somebody else, or where the truth joins nobody by email. */
  readonly falseMatched: number;
  /** An owner was written who is not the one of the truth. */
  readonly wrongOwner: number;
  /** An owner was written. */
  readonly linked: number;
  /** A suggestion above 0.9. */
  readonly highSuggestion: number;
  /** The commonest status/reason pairs with their counts. */
  readonly outcomes: string;
}

export interface Deviation {
  readonly class: string;
  readonly outcome: string;
  readonly license: string;
  readonly owner: string;
  readonly suggestions: string;
  readonly truth: string;
}

export interface Quality {
  readonly classes: readonly ClassQuality[];
  /** License holders of the truth without a row, with two rows, and rows that no license holder has. */
  readonly missing: number;
  readonly repeated: number;
  readonly unknown: number;
  /** CRM users without a license in the truth who were written as the owner of one. */
  readonly ownersWithoutLicense: number;
  readonly deviations: readonly Deviation[];
}

const asExpected = `
  CASE expect
    WHEN 'exact' THEN status = 'matched' AND rightOwner
    WHEN 'rule' THEN outcome = 'not-matched/email-differs' AND rightOwner
    WHEN 'suggest' THEN (outcome = 'not-matched/owner-unconfirmed' AND rightSuggestion) OR (outcome = 'not-matched/email-differs' AND rightOwner)
    WHEN 'ambiguous' THEN outcome = 'not-matched/ambiguous'
    WHEN 'conflict' THEN outcome = 'matched/identity-conflict' AND rightOwner
    WHEN 'inactive_seat' THEN outcome = 'not-matched/crm-user-inactive' AND rightOwner
    WHEN 'orphan' THEN status = 'not-matched' AND NOT linked
  END`;

/**
 * Holds a report of `seatmatch reconcile` against the truth, license by license.
 * A class can have two rows of truth for one license (both CRM users of a shared address); either is right then.
 */
export async function judgeQuality(
  report: string,
  files: { truth: string; crm: string; licenses: string },
  examples: number,
): Promise<Quality> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const csv = (path: string) => `read_csv('${path.replaceAll("'", "''")}', header = true, all_varchar = true)`;
  await connection.run(`
    CREATE TABLE truth AS SELECT coalesce(crm_id, '') AS crm_id, license_id, class, expect FROM ${csv(files.truth)};
    CREATE TABLE report AS SELECT * FROM ${csv(report)} WHERE license_id IS NOT NULL;
    CREATE TABLE wanted AS
      SELECT license_id, any_value(class) AS class, any_value(expect) AS expect, list(crm_id) AS owners
      FROM truth WHERE license_id IS NOT NULL GROUP BY license_id;
    CREATE TABLE judged AS
      SELECT *, ${asExpected} AS asExpected,
        status = 'matched' AND (expect NOT IN ('exact', 'conflict') OR NOT rightOwner) AS falseMatched
      FROM (
        SELECT class, expect, owners, r.license_id, license_email, license_name, status, status || '/' || reason AS outcome,
          crm_user_id, crm_email, crm_name, suggestions, rule,
          crm_user_id IS NOT NULL AS linked,
          coalesce(list_contains(owners, crm_user_id), false) AS rightOwner,
          coalesce(list_contains(owners, split_part(suggestions, ':', 1)), false) AS rightSuggestion,
          coalesce(len(list_filter(string_split(suggestions, '|'), lambda s: CAST(split_part(s, ':', 2) AS DOUBLE) > 0.9)) > 0, false) AS highSuggestion
        FROM wanted JOIN report r USING (license_id)
      )`);
  const classes = await rowsOf<ClassQuality>(
    connection,
    `SELECT class AS name, any_value(expect) AS expect, sum(n) AS rows, sum(expected) AS asExpected, sum(first) AS rightFirst, sum(matched) AS matched,
       sum(false) AS falseMatched, sum(wrong) AS wrongOwner, sum(linked) AS linked, sum(high) AS highSuggestion,
       string_agg(outcome || ' ' || n, ', ' ORDER BY n DESC, outcome) AS outcomes
     FROM (
       SELECT class, expect, outcome, count(*) AS n, count_if(asExpected) AS expected, count_if(rightOwner OR (NOT linked AND rightSuggestion)) AS first,
         count_if(status = 'matched') AS matched, count_if(falseMatched) AS false, count_if(linked AND NOT rightOwner) AS wrong,
         count_if(linked) AS linked, count_if(highSuggestion) AS high
       FROM judged GROUP BY class, expect, outcome
     ) GROUP BY class
     ORDER BY list_position(['exact', 'rule', 'suggest', 'ambiguous', 'conflict', 'inactive_seat', 'orphan'], any_value(expect)), rows DESC, class`,
  );
  const [whole] = await rowsOf<Pick<Quality, 'missing' | 'repeated' | 'unknown' | 'ownersWithoutLicense'>>(
    connection,
    `SELECT (SELECT count(*) FROM wanted ANTI JOIN report USING (license_id)) AS missing,
       (SELECT count(*) - count(DISTINCT license_id) FROM report) AS repeated,
       (SELECT count(*) FROM report ANTI JOIN wanted USING (license_id)) AS unknown,
       (SELECT count(*) FROM report SEMI JOIN
         (SELECT crm_id FROM truth WHERE crm_id <> '' GROUP BY crm_id HAVING count(license_id) = 0) free ON report.crm_user_id = free.crm_id) AS ownersWithoutLicense`,
  );
  const deviations =
    examples === 0
      ? []
      : await rowsOf<Deviation>(
          connection,
          `SELECT d.class, d.outcome || coalesce(' by ' || d.rule, '') AS outcome, concat_ws(' ', d.license_id, l.preferred_first_name, l.preferred_last_name, '<' || coalesce(l.invited_email_address, '') || '>', l.unique_user_id) AS license,
             concat_ws(' ', d.crm_user_id, d.crm_name, '<' || d.crm_email || '>') AS owner, coalesce(d.suggestions, '') AS suggestions,
             concat_ws(' ', c."Id", c."Name", '<' || c."Email" || '>', c."EmployeeNumber", c."IsActive") AS truth
           FROM (SELECT *, owners[1] AS first_owner FROM judged WHERE NOT asExpected OR falseMatched OR (expect = 'orphan' AND highSuggestion)
             QUALIFY row_number() OVER (PARTITION BY class, outcome ORDER BY license_id) <= ${examples}) d
           LEFT JOIN ${csv(files.licenses)} l ON l.seat_id = d.license_id
           LEFT JOIN ${csv(files.crm)} c ON c."Id" = d.first_owner
           ORDER BY d.class, d.outcome, d.license_id`,
        );
  connection.closeSync();
  instance.closeSync();
  return { classes, ...whole!, deviations };
}

/** Rows as plain objects; DuckDB's counts are bigint, all far below 2^53 here. */
async function rowsOf<Row>(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, /^\d+$/.test(String(value)) ? Number(value) : value])),
  ) as Row[];
}
