import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The two user lists of one size, their truth and their alias files. */
export interface Lists {
  /** CRM rows asked for. */
  readonly n: number;
  readonly crm: string;
  readonly licenses: string;
  readonly truth: string;
  readonly domainAliases: string;
  readonly emailAliases: string;
  readonly crmRows: number;
  readonly licenseRows: number;
  /** A folder for reports, beside the lists. */
  readonly directory: string;
}

interface Meta {
  readonly n: number;
  readonly seed: number;
  readonly crm: number;
  readonly licenses: number;
  readonly bytes: { readonly crm: number; readonly lic: number; readonly truth: number };
}

const seed = 42;

/**
 * Makes the lists of `n` CRM rows, or takes the ones that are there: under `SEATMATCH_BENCH_DIR`, else in the system's temporary folder.
 * The same seed and size give the same bytes, so that figures of two days compare.
 */
export function makeLists(n: number): Lists {
  const directory = join(process.env.SEATMATCH_BENCH_DIR ?? join(tmpdir(), 'seatmatch-bench'), String(n));
  const inDirectory = (file: string) => join(directory, file);
  const files = {
    crm: inDirectory('crm_users.csv'),
    licenses: inDirectory('licenses.csv'),
    truth: inDirectory('truth.csv'),
    domainAliases: inDirectory('domain_aliases.csv'),
    emailAliases: inDirectory('email_aliases.csv'),
  };
  const fits = (meta: Meta): boolean =>
    meta.n === n &&
    meta.seed === seed &&
    meta.bytes.crm === statSync(files.crm).size &&
    meta.bytes.lic === statSync(files.licenses).size &&
    meta.bytes.truth === statSync(files.truth).size;
  const readMeta = (): Meta => JSON.parse(readFileSync(inDirectory('meta.json'), 'utf8')) as Meta;
  let meta: Meta | null = null;
  try {
    meta = readMeta();
    if (!fits(meta)) meta = null;
  } catch {
    // Nothing there yet, or a run that was stopped half way: made anew below.
  }
  if (meta === null) {
    mkdirSync(directory, { recursive: true });
    const generator = join(import.meta.dirname, 'generate.mjs');
    execFileSync(process.execPath, [generator, '--n', String(n), '--seed', String(seed), '--out', directory], { stdio: 'ignore' });
    meta = readMeta();
  }
  return { n, ...files, crmRows: meta.crm, licenseRows: meta.licenses, directory };
}
