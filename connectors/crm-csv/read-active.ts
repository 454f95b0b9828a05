// A spreadsheet rewrites TRUE and FALSE in its own language when it saves a file, so those words are known too.
const yes = new Set([
  'true',
  'yes',
  'y',
  't',
  '1',
  'x',
  'on',
  'wahr',
  'ja',
  'vrai',
  'oui',
  'verdadero',
  'sí',
  'si',
  'verdadeiro',
  'sim',
  'vero',
  'sì',
  'waar',
  'sant',
  'prawda',
]);
const no = new Set([
  'false',
  'no',
  'n',
  'f',
  '0',
  'off',
  'falsch',
  'nein',
  'faux',
  'non',
  'falso',
  'não',
  'onwaar',
  'nee',
  'falskt',
  'nej',
  'fałsz',
]);
const active = new Set(['active', 'enabled', 'activated', 'aktiv', 'actif', 'activo', 'ativo', 'attivo', 'actief']);
const inactive = new Set([
  'inactive',
  'disabled',
  'deactivated',
  'deactive',
  'deleted',
  'suspended',
  'frozen',
  'archived',
  'removed',
  'inaktiv',
  'inactif',
  'inactivo',
  'inativo',
  'inattivo',
  'inactief',
]);

/**
 * Says whether a CRM user is active. `inverted` is for a column that asks the opposite (the field `disabled`): there a plain yes means inactive,
 * while a word that names the state itself (`Disabled`, `Enabled`, which Dynamics writes as the label of isdisabled) keeps its meaning.
 * null: empty or a word we don't know; such a person counts as neither.
 */
export function readActive(text: string, inverted: boolean): boolean | null {
  const word = text.trim().toLowerCase();
  if (active.has(word)) return true;
  if (inactive.has(word)) return false;
  if (yes.has(word)) return !inverted;
  if (no.has(word)) return inverted;
  return null;
}
