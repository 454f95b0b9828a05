import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { FileRefused } from '../../connectors/errors.ts';
import { type ConnectionSettings, connectionSettings, replacesTokens } from '../../connectors/registry.ts';

/** Where it is looked for when nobody names one. */
export const usualConfigFiles = ['seatmatch.config.yaml', 'seatmatch.config.yml', 'seatmatch.config.json'] as const;

const reference = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** What stands in the file for a secret: where it is, never itself. */
const notHere = `is a secret and does not belong in this file: write $\{NAME} for a variable of the environment, or {file: path}`;
export const secretReference = z.union([z.string().regex(reference, notHere), z.strictObject({ file: z.string().min(1) })], notHere);

export const configFile = z.strictObject({
  /** For editors. */
  $schema: z.string().optional(),
  connections: z.array(connectionSettings(secretReference)).min(1),
});
/** JSON Schema of the file, for editors. */
export const configSchema = (): object => z.toJSONSchema(configFile, { io: 'input' });

/** With the secrets themselves. */
export const resolvedConnection = connectionSettings(z.string().min(1).meta({ writeOnly: true }));

/**
 * The connections of a configuration file, secrets filled in. Everything that is wrong is said at once, each with its line.
 * Throws FileRefused.
 * @param named the file that somebody named; default the usual ones in this folder
 * @param only the name of a connection: what the others need of secrets is neither looked up nor missed, and they are not in what comes back
 */
export function readConnections(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  folder = process.cwd(),
  only?: string,
): readonly ConnectionSettings[] {
  const { path, base, listed, faults, lineOf } = readFile(named, folder);
  const wanted = [...listed.entries()].filter(([, one]) => only === undefined || (isObject(one) && one.name === only));
  faults.push(...wanted.flatMap(([index, one]) => missingOf(one, base, environment, index)));
  if (faults.length > 0) throw new FileRefused('bad-map', path, faultText(faults, lineOf));
  return wanted.map(([, one]) => filledIn(one, base, environment));
}

/** A connection that lacks a secret. */
export interface LackingConnection {
  /** As the file writes it, with no secret filled in. */
  readonly written: { readonly name: string; readonly type: string };
  /** Which one is missing and what to do, in sentences. */
  readonly sentence: string;
}

/**
 * The same for whoever goes on without those that lack a secret, as a server does. Throws FileRefused for everything else that is wrong: it
 * is not known then what the file means.
 */
export function readUsableConnections(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly usable: readonly ConnectionSettings[]; readonly lacking: readonly LackingConnection[] } {
  const { path, base, listed, faults, lineOf } = readFile(named, process.cwd());
  if (faults.length > 0) throw new FileRefused('bad-map', path, faultText(faults, lineOf));
  const usable: ConnectionSettings[] = [];
  const lacking: LackingConnection[] = [];
  for (const [index, one] of listed.entries()) {
    const missing = missingOf(one, base, environment, index);
    if (missing.length === 0) usable.push(filledIn(one, base, environment));
    else
      lacking.push({
        written: namedKind.parse(one),
        sentence: `In the configuration file, ${faultText(missing, lineOf)} ${missing.some(({ isVariable }) => isVariable) ? 'Set it where this program is started, then start it again.' : 'Put it there.'}`,
      });
  }
  return { usable, lacking };
}

const namedKind = z.looseObject({ name: z.string(), type: z.string() });

/** What stands in a file, and what is wrong with it whatever the secrets are. Throws FileRefused where it cannot be read. */
function readFile(named: string | undefined, folder: string) {
  const path = named ?? usualConfigFile(folder);
  if (path === null)
    throw new FileRefused(
      'unreadable',
      usualConfigFiles[0],
      'There is no such file in this folder. Write one, or name another with --config FILE; docs/connections.md shows what stands in it.',
    );
  const { value, lineOf } = parse(path);
  if (!isObject(value)) throw new FileRefused('bad-map', path, noConnections);
  const read = configFile.safeParse(value, { reportInput: true });
  const faults: Fault[] = [...(read.success ? [] : read.error.issues.flatMap(faultsOf)), ...twice(value)];
  const listed: readonly unknown[] = Array.isArray(value.connections) ? value.connections : [];
  return { path, base: resolve(dirname(path)), listed, faults, lineOf };
}

/** Which secrets of a connection are not where it says. */
function missingOf(one: unknown, base: string, environment: Readonly<Record<string, string | undefined>>, index: number) {
  const missing: MissingSecret[] = [];
  fillIn(one, base, environment, missing, ['connections', index]);
  return missing;
}

/** A connection with its secrets, which are all there. */
const filledIn = (one: unknown, base: string, environment: Readonly<Record<string, string | undefined>>): ConnectionSettings =>
  fromHere(resolvedConnection.parse(fillIn(tokenKept(one, base), base, environment, [])), base);

const tokenInFile = z.looseObject({
  type: z.string().refine(replacesTokens),
  auth: z.looseObject({ refreshToken: z.strictObject({ file: z.string() }) }),
});

/** A refresh token that stands in a file is written there where the vendor replaces it, unless the file can only be read. */
function tokenKept(one: unknown, folder: string): unknown {
  const found = tokenInFile.safeParse(one).data;
  if (found === undefined) return one;
  const { refreshToken, ...auth } = found.auth;
  return isWritable(resolve(folder, refreshToken.file)) ? { ...found, auth: { ...auth, refreshTokenFile: refreshToken.file } } : one;
}

/** Beside it too: what comes in its place is written there first. */
function isWritable(path: string): boolean {
  try {
    for (const one of [path, dirname(path)]) accessSync(one, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The names that a configuration file has, whatever else is wrong with it. */
export function connectionNames(named: string | undefined, folder = process.cwd()): readonly string[] {
  const path = named ?? usualConfigFile(folder);
  const names = z.object({ connections: z.array(z.unknown()) }).safeParse(path === null ? null : parse(path).value);
  return (names.data?.connections ?? []).flatMap((one) => (isObject(one) && typeof one.name === 'string' ? [one.name] : []));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const noConnections =
  'It names no connections: write connections: and below it a list of them, each with name and type. docs/connections.md shows what stands in it.';

/** The configuration file of a folder; null where there is none. */
export const usualConfigFile = (folder = process.cwd()): string | null =>
  usualConfigFiles.map((name) => resolve(folder, name)).find((one) => existsSync(one)) ?? null;

/** A path in the file is a path from the file. */
function fromHere(one: ConnectionSettings, folder: string): ConnectionSettings {
  if (one.type === 'crm-csv') return { ...one, file: resolve(folder, one.file) };
  if (one.type === 'linkedin-guided' && one.file !== undefined) return { ...one, file: resolve(folder, one.file) };
  if (one.type === 'linkedin-scim' && one.options.holders !== undefined)
    return { ...one, options: { ...one.options, holders: resolve(folder, one.options.holders) } };
  // One kind at a time: the kinds of a union are not known together.
  if (one.type === 'salesforce' && one.auth.grant === 'authorization_code' && one.auth.refreshTokenFile !== undefined)
    return { ...one, auth: { ...one.auth, refreshTokenFile: resolve(folder, one.auth.refreshTokenFile) } };
  if (one.type === 'hubspot' && 'refreshTokenFile' in one.auth)
    return { ...one, auth: { ...one.auth, refreshTokenFile: resolve(folder, one.auth.refreshTokenFile) } };
  return one;
}

export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

interface MissingSecret extends Fault {
  /** Of the environment; else a file. */
  readonly isVariable: boolean;
}

function parse(path: string): { readonly value: unknown; lineOf(path: readonly PropertyKey[]): number | null } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FileRefused('unreadable', path, 'This file cannot be read. Check its name and its permissions.', { cause });
  }
  // JSON is YAML too. Aliases are no more than a way to make a small file huge.
  const lines = new LineCounter();
  const document = parseDocument(withQuotedReferences(text), { lineCounter: lines, uniqueKeys: true });
  const language = /\.json$/i.test(path) ? 'JSON' : 'YAML';
  const wrong = document.errors[0];
  if (wrong) {
    const at = lines.linePos(wrong.pos[0]);
    throw new FileRefused(
      'no-usable-row',
      path,
      `Line ${at.line}, column ${at.col}: this is not ${language} (${wrong.code.toLowerCase().replaceAll('_', ' ')}). Correct that line.`,
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new FileRefused('no-usable-row', path, 'It has an alias (*name), which is not read here. Write the value out.', { cause });
  }
  return {
    value,
    lineOf(of) {
      for (let depth = of.length; depth > 0; depth--) {
        const node = document.getIn(of.slice(0, depth), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return null;
    },
  };
}

/**
 * `{ token: ${NAME} }` as one writes it: in braces YAML takes the brace of a reference for another map. Only what is a reference and nothing
 * else, as the value of a key or of a list, gets quotes; a comment or a text that holds one stays as it is, and so does each line's number.
 */
const withQuotedReferences = (text: string): string =>
  text.replace(/^(?!\s*#).*$/gm, (line) =>
    line.replace(bareReference, (all, before: string, found: string, at: number) =>
      isQuoted(line.slice(0, at + before.length)) ? all : `${before}"${found}"`,
    ),
  );
const bareReference = /((?:^|[\s{,[])(?:[A-Za-z_]\w*:\s+|-\s+)|[[,]\s*)(\$\{[A-Za-z_][A-Za-z0-9_]*\})(?=\s*(?:[,}\]]|$|\s#))/g;
/** Whether text after this on its line stands inside quotes. */
const isQuoted = (before: string): boolean => [/"/g, /'/g].some((quote) => (before.match(quote)?.length ?? 0) % 2 === 1);

/** What is wrong, in words. A union of kinds says for each kind what is wrong with it; only what is wrong with the kind that was named helps. */
export function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }));
  return [{ path: issue.path, message: messageOf(issue) }];
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'type') return `is none of ${typeNames.join(', ')}`;
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'grant')
    return 'is none of client_credentials, jwt-bearer, authorization_code';
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is missing' : `has to be ${typeWords[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small' && issue.origin === 'array') return issue.minimum === 1 ? 'is empty' : `has fewer than ${issue.minimum}`;
  if (issue.code === 'too_small' && issue.origin === 'string') return 'is empty';
  if (issue.code === 'too_small') return `is below ${issue.minimum}`;
  if (issue.code === 'too_big') return `is above ${issue.maximum}`;
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'is no address, as https://acme.example is one';
  if (issue.code === 'invalid_format' && issue.format === 'date') return 'is no day, as 2028-03-01 is one';
  if (issue.code === 'invalid_value') return `is none of ${issue.values.join(', ')}`;
  return issue.message.replace(/^Invalid input: /, '');
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
};

const typeNames = connectionSettings(z.string()).options.map((option) => option.shape.type.value);

/** Puts secrets into the place of their references, and says which are missing. A missing one is never an empty one. */
function fillIn(
  value: unknown,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  faults: MissingSecret[],
  path: readonly PropertyKey[] = [],
): unknown {
  if (Array.isArray(value)) return value.map((one, index) => fillIn(one, folder, environment, faults, [...path, index]));
  if (typeof value === 'string') {
    const variable = reference.exec(value)?.[1];
    if (variable === undefined) return value;
    const found = environment[variable];
    if (!found) faults.push({ path, message: `stands in the variable ${variable}, which is not set`, isVariable: true });
    return found;
  }
  if (typeof value !== 'object' || value === null) return value;
  if ((path.includes('auth') || path.includes('sftp')) && Object.keys(value).join() === 'file')
    return secretFile(String((value as { file: unknown }).file), folder, faults, path);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillIn(one, folder, environment, faults, [...path, key])]));
}

function secretFile(name: string, folder: string, faults: MissingSecret[], path: readonly PropertyKey[]): string | undefined {
  try {
    const text = readFileSync(resolve(folder, name), 'utf8').trim();
    if (text === '') faults.push({ path, message: `stands in the file ${name}, which is empty`, isVariable: false });
    return text;
  } catch {
    faults.push({ path, message: `stands in the file ${name}, which cannot be read`, isVariable: false });
    return undefined;
  }
}

function twice(value: unknown): Fault[] {
  const names = z.object({ connections: z.array(z.looseObject({ name: z.string() })) }).safeParse(value);
  if (!names.success) return [];
  const all = names.data.connections.map(({ name }) => name);
  return all.flatMap((name, index) =>
    all.indexOf(name) < index ? [{ path: ['connections', index, 'name'], message: `is the name of another connection too: ${name}` }] : [],
  );
}

function faultText(faults: readonly Fault[], lineOf: (path: readonly PropertyKey[]) => number | null): string {
  const lines = faults
    .map(({ path, message }) => ({ line: lineOf(path), text: `${path.map(String).join('.') || 'the file'} ${message}` }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, text }) => (line === null ? text : `line ${line}, ${text}`));
  return lines.length === 1 ? `${lines[0]}.` : `${lines.length} things are wrong.\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
