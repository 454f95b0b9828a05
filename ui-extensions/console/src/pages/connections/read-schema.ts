/** What a form needs of the JSON Schema that the server makes from a connection's settings. */

type Schema = Readonly<Record<string, unknown>>;

export interface Field {
  /** As auth.clientId. */
  readonly path: string;
  readonly kind: 'text' | 'secret' | 'address' | 'date' | 'number' | 'flag' | 'choice' | 'choices' | 'words';
  readonly needed: boolean;
  readonly choices: readonly string[];
  /** What the server takes where nothing is typed in. */
  readonly usual: string;
  readonly least: number | null;
  readonly most: number | null;
}

/** One way to sign in. */
export interface Variant {
  /** The grant where there is one, else what is secret of it. */
  readonly id: string;
  readonly fields: readonly Field[];
  /** What always stands there, as auth.grant. */
  readonly fixed: Readonly<Record<string, string>>;
}

export interface Form {
  readonly fields: readonly Field[];
  readonly variants: readonly Variant[];
}

/** A value of the form by the place of its field. */
export type Values = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export function formOf(schema: Schema): Form {
  const properties = objectOf(schema.properties);
  const { auth, ...others } = properties;
  const ways = auth === undefined ? [] : (listOf(auth.oneOf) ?? listOf(auth.anyOf) ?? [auth]);
  return {
    fields: fieldsOf({ ...schema, properties: others }, ''),
    variants: ways.map((way) => {
      const fields = fieldsOf(way, 'auth.');
      const fixed = fixedOf(way);
      const secrets = fields.filter(({ kind }) => kind === 'secret').map(({ path }) => path.slice('auth.'.length));
      return { id: fixed['auth.grant'] ?? secrets.join('+'), fields, fixed };
    }),
  };
}

const objectOf = (value: unknown): Readonly<Record<string, Schema>> => (value ?? {}) as Readonly<Record<string, Schema>>;
const listOf = (value: unknown): readonly Schema[] | null => (Array.isArray(value) ? (value as readonly Schema[]) : null);

const fixedOf = (way: Schema): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(way.properties)).flatMap(([name, one]) => (typeof one.const === 'string' ? [[`auth.${name}`, one.const]] : [])),
  );

function fieldsOf(schema: Schema, path: string): Field[] {
  const required = (schema.required ?? []) as readonly string[];
  return Object.entries(objectOf(schema.properties)).flatMap(([name, one]) => {
    if (one.const !== undefined) return [];
    if (one.type === 'object') return fieldsOf(one, `${path}${name}.`);
    const items = objectOf({ items: one.items }).items;
    return [
      {
        path: `${path}${name}`,
        kind: kindOf(one),
        needed: required.includes(name),
        choices: ((one.enum ?? items?.enum ?? []) as readonly string[]).map(String),
        usual: one.default === undefined ? '' : String(one.default),
        least: typeof one.minimum === 'number' ? one.minimum : null,
        most: typeof one.maximum === 'number' && one.maximum < Number.MAX_SAFE_INTEGER ? one.maximum : null,
      },
    ];
  });
}

function kindOf(one: Schema): Field['kind'] {
  if (one.writeOnly === true) return 'secret';
  if (one.type === 'array') return objectOf({ items: one.items }).items?.enum === undefined ? 'words' : 'choices';
  if (one.enum !== undefined) return 'choice';
  if (one.type === 'boolean') return 'flag';
  if (one.type === 'integer' || one.type === 'number') return 'number';
  if (one.format === 'uri') return 'address';
  return one.format === 'date' ? 'date' : 'text';
}

/** Stored settings as values of the form. */
export function valuesOf(settings: Schema, path = ''): Values {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]): [string, Values[string]][] => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return Object.entries(valuesOf(value as Schema, `${path}${name}.`));
      return [[`${path}${name}`, value as Values[string]]];
    }),
  );
}

/** What was typed in, as the server takes it; what is empty is left to the server. */
export function settingsOf(values: Values, fields: readonly Field[], fixed: Readonly<Record<string, string>>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  const given = fields.flatMap(({ path, kind }): [string, unknown][] => {
    const value = values[path];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return [];
    return [[path, typeof value === 'string' && kind !== 'secret' ? value.trim() : value]];
  });
  for (const [path, value] of [...Object.entries(fixed), ...given]) {
    const names = path.split('.');
    let at = settings;
    for (const name of names.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[names.at(-1)!] = value;
  }
  return settings;
}
