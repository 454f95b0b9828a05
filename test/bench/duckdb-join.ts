/**
 * The measure beside ours, a process of its own: DuckDB with two threads reads both lists, joins them on the trimmed, lower-cased
 * address, and writes the columns of our report, a constant or NULL where it has no rule.
 *
 *     node test/bench/duckdb-join.ts CRM LICENSES OUT
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [crm, licenses, out] = process.argv.slice(2);
if (crm === undefined || licenses === undefined || out === undefined) throw new Error('Usage: duckdb-join.ts CRM LICENSES OUT');
const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;

const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
await connection.run('SET preserve_insertion_order = false');
await connection.run(`
  COPY (
    SELECT
      CASE WHEN l.seat_id IS NULL THEN 'no-license' WHEN c."Id" IS NULL THEN 'not-matched' ELSE 'matched' END AS status,
      CASE WHEN l.seat_id IS NULL THEN 'no-license' WHEN c."Id" IS NULL THEN 'no-crm-user' ELSE 'emails-agree' END AS reason,
      l.seat_id AS license_id,
      l.invited_email_address AS license_email,
      concat_ws(' ', l.preferred_first_name, l.preferred_last_name) AS license_name,
      l.license_status,
      l.license_type AS licenses,
      c."Id" AS crm_user_id,
      c."Email" AS crm_email,
      c."Name" AS crm_name,
      c."IsActive" AS crm_active,
      CASE WHEN l.seat_id IS NOT NULL AND c."Id" IS NOT NULL THEN 'exact-email' END AS rule,
      CASE WHEN l.seat_id IS NOT NULL AND c."Id" IS NOT NULL THEN 1 END AS confidence,
      NULL AS suggestions,
      NULL AS root_cause,
      'Bring a new export, or check this person''s CRM sync status in Admin Center.' AS next_step,
      NULL AS also,
      'unknown' AS observed,
      NULL AS change_side,
      'unknown' AS managed_by,
      'linkedin-admin' AS actor,
      '2026-01-01T00:00:00.000Z' AS as_of
    FROM read_csv(${quoted(licenses)}, header = true, all_varchar = true) l
    FULL OUTER JOIN read_csv(${quoted(crm)}, header = true, all_varchar = true) c
      ON lower(trim(l.invited_email_address)) = lower(trim(c."Email"))
  ) TO ${quoted(out)} (FORMAT csv, HEADER true)
`);
