import type { DirectoryPerson } from '../connector.ts';
import { type Aliases, fieldText, headerKey, loadCsv, mapColumns, readRows } from '../csv.ts';
import { FileRefused } from '../errors.ts';

/** What is read of a directory's users export; every column but the last two holds addresses. */
const fields = ['email', 'secondEmail', 'otherEmail', 'workEmail', 'aliases', 'proxyAddresses', 'employeeNumber', 'entraObjectId'] as const;
type DirectoryField = (typeof fields)[number];
const ids: readonly DirectoryField[] = ['employeeNumber', 'entraObjectId'];

/**
 * Headers of Okta's people export (its attribute names), of Entra's "Download users", and of Google Admin's "Download users" (its template's
 * columns, with the notes in brackets), as headerKey writes them, best first. Sign-in names are no addresses: they count only where there is
 * no column of addresses. Google's recovery email is left out: it is often somebody else's.
 */
const directoryAliases: Aliases<DirectoryField> = {
  email: ['mail', 'email', 'emailaddressrequired', 'emailaddress', 'primaryemail', 'workemail', 'userprincipalname', 'login'],
  secondEmail: ['secondemail', 'secondaryemail', 'homesecondaryemail', 'secondaryemailaddress'],
  otherEmail: ['othermails', 'alternateemailaddress', 'otheremails'],
  workEmail: ['worksecondaryemail'],
  aliases: ['aliases', 'emailaliases', 'alias', 'nicknames'],
  proxyAddresses: ['proxyaddresses', 'emailaddresses'],
  employeeNumber: ['employeenumber', 'employeeid', 'externalid'],
  entraObjectId: ['objectid', 'entraobjectid', 'azureactivedirectoryobjectid', 'id'],
};

export interface DirectoryFile {
  readonly name: string;
  readonly people: readonly DirectoryPerson[];
  /** Rows that do not fit the header. */
  readonly rejected: number;
}

/** Reads a users export of Okta, Entra or Google. Throws FileRefused when it is no CSV or no column holds an email. */
export async function readDirectoryFile(source: string | Uint8Array, name?: string): Promise<DirectoryFile> {
  const csv = await loadCsv(source, {
    name,
    isHeader: (columns) => columns.map(headerKey).some((key) => directoryAliases.email.includes(key)),
  });
  const { mapping } = mapColumns(csv, directoryAliases);
  if (!mapping.some(({ field }) => field === 'email'))
    throw new FileRefused(
      'missing-column',
      csv.name,
      `No column holds the email. Columns seen: ${csv.header.join(', ')}. Export the users of Okta, Entra or Google with their email.`,
    );
  const people: DirectoryPerson[] = [];
  let rejected = 0;
  readRows(
    csv,
    mapping.map(({ index }) => index),
    ({ bytes, ranges, count }) => {
      for (let row = 0; row < count; row++) {
        const text = (n: number): string => {
          const at = 2 * (row * mapping.length + n);
          return fieldText(bytes, ranges[at]!, ranges[at + 1]!).trim();
        };
        const id = (field: DirectoryField): string | null => {
          const n = mapping.findIndex((column) => column.field === field);
          return (n < 0 ? '' : text(n)) || null;
        };
        const addresses = mapping.flatMap(({ field }, n) => (ids.includes(field) ? [] : addressesIn(text(n))));
        people.push({ addresses: [...new Set(addresses)], employeeNumber: id('employeeNumber'), entraObjectId: id('entraObjectId') });
      }
    },
    () => {
      rejected += 1;
    },
  );
  return { name: csv.name, people, rejected };
}

/** Entra's proxyAddresses are `SMTP:main;smtp:alias;X500:…;SIP:…`, here and there as a JSON array; others are plain lists. */
const addressesIn = (text: string): string[] =>
  text
    .split(/[\s;,|"'[\]]+/)
    .map((part) => part.replace(/^smtp:/i, ''))
    .filter((part) => part.includes('@') && !part.includes(':'));
