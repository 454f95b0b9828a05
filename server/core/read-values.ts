import { fieldIndex, type People, textAt } from './people.ts';

/**
 * Reads a column of few distinct values (a status, a license type, a switch) as small numbers.
 * The text of a value is looked at once; later rows with the same bytes cost a comparison.
 * @returns row → what `classify` said of its trimmed, lower-cased text; `absent` where the source has no such column
 */
export function valueReader<Field extends string>(
  people: People<Field>,
  field: Field,
  classify: (text: string) => number,
  absent: number,
): (row: number) => number {
  const column = fieldIndex(people, field);
  if (column < 0) return () => absent;
  const { bytes, starts, lengths, fields } = people;
  const few = people.values[column] ?? null;
  if (few !== null) {
    const classes = Int8Array.from(few.examples, (row) => classify(textAt(people, row, column).trim().toLowerCase()));
    return (row) => classes[few.codes[row]!]!;
  }
  const width = fields.length;
  const seenAt = new Uint32Array(8);
  const seenLength = new Uint32Array(8);
  const seenClass = new Int32Array(8);
  let seen = 0;
  let oldest = 0;
  const byText = new Map<string, number>();
  return (row) => {
    const at = starts[row * width + column]!;
    const length = lengths[row * width + column]!;
    search: for (let k = 0; k < seen; k++) {
      if (seenLength[k] !== length) continue;
      const other = seenAt[k]!;
      for (let b = 0; b < length; b++) if (bytes[at + b] !== bytes[other + b]) continue search;
      return seenClass[k]!;
    }
    const text = textAt(people, row, column).trim().toLowerCase();
    let known = byText.get(text);
    if (known === undefined) {
      known = classify(text);
      if (byText.size < 10_000) byText.set(text, known);
    }
    const slot = seen < 8 ? seen++ : oldest++ & 7;
    seenAt[slot] = at;
    seenLength[slot] = length;
    seenClass[slot] = known;
    return known;
  };
}

// A spreadsheet rewrites TRUE and FALSE in its own language when it saves a file, so those words are known too.
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const yes = words('true yes y t 1 x on wahr ja vrai oui verdadero sí si verdadeiro sim vero sì waar sant prawda confirmed checked');
const no = words('false no n f 0 off falsch nein faux non falso não onwaar nee falskt nej fałsz unconfirmed unchecked');
const active = words('active enabled activated aktiv actif activo ativo attivo actief');
const inactive = words(
  'inactive disabled deactivated deactive deleted suspended frozen archived removed inaktiv inactif inactivo inativo inattivo inactief closed',
);

/** 1 yes, 0 no, -1 nobody can tell. `text` is trimmed and lower case. A word that names the state itself counts too. */
export function readSwitch(text: string): number {
  return yes.has(text) || active.has(text) ? 1 : no.has(text) || inactive.has(text) ? 0 : -1;
}

/**
 * Whether a CRM user is active, from a column that asks the opposite (Dynamics isdisabled, HubSpot Deactivated): a plain yes means
 * inactive, while a word that names the state (Dynamics writes Enabled and Disabled as labels of isdisabled) keeps its meaning.
 */
export function readDisabled(text: string): number {
  if (active.has(text)) return 1;
  if (inactive.has(text)) return 0;
  return yes.has(text) ? 0 : no.has(text) ? 1 : -1;
}

export const holdings = { none: 0, held: 1, unsaid: 2 } as const;
const withoutLicense = new Set([
  'unassigned',
  'no license',
  'no licence',
  'none',
  'not assigned',
  'removed',
  'no access',
  'inactive',
  'revoked',
  'admin only',
  'reporting only',
]);

/** License status as Admin Center words it (help a105138): whether it says that a license is held. */
export function readHolding(text: string): number {
  return text === '' ? holdings.unsaid : withoutLicense.has(text) ? holdings.none : holdings.held;
}

export const invitations = { unsaid: 0, pending: 1, accepted: 2 } as const;
/** Invited and its older word Pending: assigned, not activated. */
export function readInvitation(text: string): number {
  if (text === 'invited' || text === 'pending' || text.startsWith('invited ') || text === 'invitation sent') return invitations.pending;
  return text === 'activated' || text === 'active' || text === 'accepted' ? invitations.accepted : invitations.unsaid;
}

export const licenseTypes = { unsaid: 0, syncs: 1, cannotSync: 2, unknown: 3 } as const;
/**
 * Whether a license can CRM-sync: only Advanced Plus does (help a158016), which Enterprise was called before.
 * Several licenses in one cell: one that syncs is enough.
 */
export function readLicenseType(text: string): number {
  if (text === '') return licenseTypes.unsaid;
  if (/advanced\s*(plus|\+)|enterprise/.test(text)) return licenseTypes.syncs;
  return /advanced|teamlink|core|professional|\bteam\b/.test(text) ? licenseTypes.cannotSync : licenseTypes.unknown;
}

export const seen = { nothing: 0, matched: 1, notMatched: 2, off: 3 } as const;
/** LinkedIn's own CRM sync status, in the spellings met so far; anything else says nothing. */
export function readCrmSyncStatus(text: string): number {
  if (/^(matched|synced|in sync|connected|syncing)$/.test(text)) return seen.matched;
  if (/^(not[ _-]?matched|unmatched|not[ _-]?synced|mismatch(ed)?)$/.test(text)) return seen.notMatched;
  return /^(off|disabled|not enabled)$/.test(text) ? seen.off : seen.nothing;
}

export const owners = { unsaid: 0, idp: 1, linkedin: 2 } as const;
/** Who manages the profile: the "IdP" mark of SCIM users, or a source column. */
export function readManagedBy(text: string): number {
  if (text === '') return owners.unsaid;
  return /idp|scim|okta|entra|azure|onelogin|identity|sso/.test(text) ? owners.idp : owners.linkedin;
}

/** User types that are not people (Salesforce UserType and integration licenses, Dynamics access modes). */
export function readUserType(text: string): number {
  return /^(standard|0|1|2|read-write|administrative|read|user|)$/.test(text) ? 1 : 0;
}
export function readUserLicense(text: string): number {
  return /integration|chatter|identity|guest|community|partner|customer portal/.test(text) ? 0 : 1;
}
