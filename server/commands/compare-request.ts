import { existsSync, readFileSync, statSync } from 'node:fs';
import { headerKey, loadCsv } from '../../connectors/csv.ts';
import { readDirectoryFile } from '../../connectors/directory-csv/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import { canonicalDomain } from '../core/domain-groups.ts';
import { parseEmail } from '../core/email.ts';
import type { DomainAlias, ReconcileSettings } from '../core/settings.ts';
import type { CompareRequest } from './compare-files.ts';
import type { ConnectedSide } from './read-sides.ts';

/** Flags of every command that compares two files, as the command line gives them. */
export interface CompareFlags {
  /** A file, or the name of a connection. */
  readonly crm: string;
  readonly licenses: string;
  /** Where connections stand. */
  readonly config?: string | undefined;
  /** Given where a command takes connections too. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  readonly crmKind?: string | undefined;
  readonly crmName?: string | undefined;
  /** `old=new`, or a CSV with two columns. */
  readonly domainAlias?: readonly string[] | undefined;
  /** A CSV: second address, main address. */
  readonly emailAlias?: readonly string[] | undefined;
  readonly companyDomain?: readonly string[] | undefined;
  /** A users export of Okta, Entra or Google. */
  readonly directory?: string | undefined;
  /** Files of other CRMs, or names of connections. */
  readonly otherCrm?: readonly string[] | undefined;
  /** `column=field`, `licenses:column=field` or `crm:column=field`. */
  readonly map?: readonly string[] | undefined;
  readonly adminCenterCount?: number | undefined;
  readonly exportedAt?: string | undefined;
  readonly crmExportedAt?: string | undefined;
  /** `none`, `all`, or `field=value`. */
  readonly seatScope?: string | undefined;
  readonly idp?: string | undefined;
  readonly threads?: 1 | 2 | undefined;
}

const refuse = (file: string, sentence: string): never => {
  throw new FileRefused('bad-map', file, sentence);
};

/** Turns flags into a request. Throws FileRefused with a sentence where a flag cannot be understood. */
export async function compareRequest(flags: CompareFlags): Promise<CompareRequest> {
  const settings: { -readonly [K in keyof ReconcileSettings]?: ReconcileSettings[K] } = {};
  settings.domainAliases = (flags.domainAlias ?? []).flatMap(readDomainAliases);
  settings.emailAliases = (flags.emailAlias ?? []).flatMap(readEmailAliases);
  settings.companyDomains = flags.companyDomain ?? [];
  const noDomain = settings.companyDomains.find((domain) => canonicalDomain(domain) === null);
  if (noDomain !== undefined) refuse('--company-domain', `"${noDomain}" is not a domain. Write for example --company-domain acme.example.`);
  settings.seatScope = readSeatScope(flags.seatScope);
  if (flags.crmName !== undefined) settings.crmName = flags.crmName;
  if (flags.idp !== undefined) settings.idpName = flags.idp;
  const maps = await readMaps(flags.map ?? [], { licenses: flags.licenses, crm: flags.crm });
  return {
    licenses: (await connectionOf(flags, flags.licenses, 'licenses')) ?? {
      path: flags.licenses,
      map: maps.licenses,
      exportedAt: flags.exportedAt,
      expected: flags.adminCenterCount,
    },
    crm: (await connectionOf(flags, flags.crm, 'crm')) ?? { path: flags.crm, map: maps.crm, exportedAt: flags.crmExportedAt },
    crmKind: flags.crmKind,
    otherCrms: await Promise.all((flags.otherCrm ?? []).map(async (other) => (await connectionOf(flags, other, 'crm')) ?? { path: other })),
    directory: flags.directory === undefined ? undefined : await readDirectoryFile(flags.directory),
    settings,
    threads: flags.threads,
  };
}

/** A word that is no file is a connection's name. Null: a file. */
async function connectionOf(flags: CompareFlags, named: string, side: 'crm' | 'licenses'): Promise<ConnectedSide | null> {
  const { config, environment } = flags;
  if (environment === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(named) || existsSync(named)) return null;
  // Vendors' packages are loaded for who has connections only.
  const { openConnection } = await import('./open-connection.ts');
  return { connection: openConnection({ config, environment }, named, side) };
}

type Map = Record<string, string>;

/** Gives each `--map` to the file it is for: by its prefix, else to the files that have such a column. */
async function readMaps(
  entries: readonly string[],
  files: Readonly<Record<'licenses' | 'crm', string>>,
): Promise<{ licenses: Map; crm: Map }> {
  const maps = { licenses: {} as Map, crm: {} as Map };
  let headers: Record<'licenses' | 'crm', readonly string[]> | null = null;
  for (const entry of entries) {
    const prefix = /^(licenses|crm):/.exec(entry);
    const text = prefix === null ? entry : entry.slice(prefix[0].length);
    const at = text.lastIndexOf('=');
    if (at < 1)
      refuse(
        '--map',
        `"${entry}" is not COLUMN=FIELD. Write for example --map "Work mail=email", or --map "crm:Work mail=email" for one file.`,
      );
    const [column, field] = [text.slice(0, at), text.slice(at + 1)];
    if (prefix !== null) {
      maps[prefix[1] as 'licenses' | 'crm'][column] = field;
      continue;
    }
    headers ??= { licenses: (await loadCsv(files.licenses)).header, crm: (await loadCsv(files.crm)).header };
    const key = headerKey(column);
    const sides = (['licenses', 'crm'] as const).filter((side) => headers![side].some((name) => headerKey(name) === key));
    if (sides.length === 0) {
      refuse(
        '--map',
        `Neither file has a column "${column}". ${files.licenses} has ${headers.licenses.join(', ')}; ${files.crm} has ${headers.crm.join(', ')}.`,
      );
    }
    for (const side of sides) maps[side][column] = field;
  }
  return maps;
}

function readDomainAliases(entry: string): DomainAlias[] {
  const pairs =
    !entry.includes('=') || existsSync(entry)
      ? readPairs(entry, '--domain-alias')
      : [[entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const];
  return pairs.map(([old, current]) => {
    for (const domain of [old, current]) {
      if (canonicalDomain(domain) === null)
        refuse(
          '--domain-alias',
          `"${domain}" is not a domain. Write --domain-alias oldco.example=newco.example, or name a CSV with the columns old, new.`,
        );
    }
    return { old, current };
  });
}

function readEmailAliases(path: string): (readonly [string, string])[] {
  const pairs = readPairs(path, '--email-alias');
  const wrong = pairs.flat().find((email) => parseEmail(email).kind !== 'address');
  if (wrong !== undefined) refuse(path, `"${wrong}" is not an email address. Correct it, or leave that line out.`);
  return pairs;
}

/** A small two-column CSV; a first line without a dot or an @ is its header. */
function readPairs(path: string, flag: string): (readonly [string, string])[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false)
    refuse(flag, `There is no file "${path}". Name a CSV with two columns.`);
  const pairs: (readonly [string, string])[] = [];
  const lines = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  lines.forEach((line, k) => {
    if (line.trim() === '') return;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (k === 0 && !/[.@]/.test(line)) return;
    if (cells.length < 2 || cells[0] === '' || cells[1] === '') refuse(path, `Line ${k + 1} does not have two columns.`);
    pairs.push([cells[0]!, cells[1]!]);
  });
  return pairs;
}

function readSeatScope(text: string | undefined): ReconcileSettings['seatScope'] {
  if (text === undefined || text === 'none' || text === 'all') return text ?? 'none';
  const match = /^(department|title|role|profile)=(.+)$/.exec(text);
  if (match === null) return refuse('--seat-scope', `"${text}" is not a scope. Write all, none, or for example department=Sales,Presales.`);
  return { field: match[1] as 'department', values: match[2]!.split(',').map((value) => value.trim()) };
}
