/** What is secret of a connection's settings is kept apart from them, by the field it stands in: auth.clientSecret. */

type Settings = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);

export const secretAt = (secrets: Readonly<Record<string, string>>, field: string): string | null =>
  Object.hasOwn(secrets, field) ? secrets[field]! : null;

/** Settings without what is secret, and that beside them. */
export function splitSecrets(
  settings: Settings,
  secretFields: readonly string[],
  path = '',
): { readonly settings: Settings; readonly secrets: Readonly<Record<string, string>> } {
  const kept: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings)) {
    const field = path + name;
    if (secretFields.includes(field)) secrets[field] = String(value);
    else if (isObject(value)) {
      const inner = splitSecrets(value, secretFields, `${field}.`);
      kept[name] = inner.settings;
      Object.assign(secrets, inner.secrets);
    } else kept[name] = value;
  }
  return { settings: kept, secrets };
}

/** The opposite of `splitSecrets`. */
export function withSecrets(settings: Settings, secrets: Readonly<Record<string, string>>): Settings {
  const whole: Record<string, unknown> = structuredClone(settings);
  for (const [field, text] of Object.entries(secrets)) {
    const names = field.split('.');
    let at = whole;
    for (const name of names.slice(0, -1)) {
      if (!isObject(at[name])) at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    at[names.at(-1)!] = text;
  }
  return whole;
}
