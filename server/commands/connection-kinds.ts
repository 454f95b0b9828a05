import { z } from 'zod';
import { FileRefused } from '../../connectors/errors.ts';
import { callerOf, faultOfSignature } from '../../connectors/hubspot/verify-request.ts';
import { type ConnectionSettings, connect, connectionTypes } from '../../connectors/registry.ts';
import type { ConnectionKind, ConnectionKinds, KnownSettings, SettingsFault } from '../jobs/connection-desk.ts';
import { faultsOf, readUsableConnections, resolvedConnection, usualConfigFile } from './read-connections.ts';
import { vendorSignIn } from './vendor-sign-in.ts';

type Type = ConnectionSettings['type'];
type Schema = Record<string, unknown>;

/** Settings that name a file. A refresh token is kept in the store instead. */
const inFile = 'refreshTokenFile';
const namesFile: readonly string[] = [inFile, 'file', 'holders'];

/** Every kind of connection, as the server keeps and asks them. @param configFile null: the usual one of this folder, where there is one */
export function connectionKinds(
  configFile: string | null,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ConnectionKinds {
  return {
    kinds,
    parse(settings) {
      const read = resolvedConnection.safeParse(settings, { reportInput: true });
      if (!read.success) return { faults: read.error.issues.flatMap(faultsOf).map(toFault) };
      const named = filesNamed(read.data);
      return named.length > 0 ? { faults: named.map((at) => ({ at, fault: 'is for the configuration file' })) } : { known: read.data };
    },
    signIn: vendorSignIn,
    hubSpotSigning: { faultOf: faultOfSignature, callerOf },
    connect: (known, token, lastOrigin, shared) => connect(known as ConnectionSettings, token ?? undefined, lastOrigin, shared),
    lists: (type, settings) =>
      type === 'linkedin-scim' ? listsOverScim(settings) : type !== 'linkedin-guided' || Object.hasOwn(settings, 'file'),
    configured() {
      const path = configFile ?? usualConfigFile();
      if (path === null) return null;
      try {
        const { usable, lacking } = readUsableConnections(path, environment);
        return { known: usable satisfies readonly KnownSettings[], lacking };
      } catch (error) {
        if (error instanceof FileRefused) return { fault: error.message };
        throw error;
      }
    },
  };
}

type ScimSettings = { readonly options?: { readonly list?: unknown; readonly holders?: unknown } };
const listsOverScim = ({ options = {} }: ScimSettings): boolean => options.list === true || options.holders !== undefined;

/** Where settings name a file of this machine. */
const filesNamed = (settings: object, path = ''): string[] =>
  Object.entries(settings).flatMap(([name, value]: [string, unknown]) =>
    namesFile.includes(name)
      ? [`${path}${name}`]
      : typeof value === 'object' && value !== null && !Array.isArray(value)
        ? filesNamed(value, `${path}${name}.`)
        : [],
  );

const toFault = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): SettingsFault => ({
  at: path.map(String).join('.') || 'settings',
  fault: message,
});

const kinds: readonly ConnectionKind[] = (Object.keys(connectionTypes) as Type[]).map((type) => {
  const option = resolvedConnection.options.find(({ shape }) => shape.type.value === type)!;
  const { $schema: _, ...whole } = z.toJSONSchema(option, { io: 'input' }) as Schema;
  const { name: __, type: ___, ...properties } = whole.properties as Schema;
  const required = (whole.required as readonly string[]).filter((field) => field !== 'name' && field !== 'type');
  const schema = connectionTypes[type].storable ? withoutFiles({ ...whole, properties, required }) : { ...whole, properties, required };
  return { type, ...connectionTypes[type], schema, secretFields: [...new Set(secretFields(schema))] };
});

/** Without the ways that name a file; where one was the other way, what is left is needed. */
function withoutFiles(schema: Schema): Schema {
  const isFileOnly = (one: unknown): boolean => ((one as Schema).required as string[] | undefined)?.includes(inFile) === true;
  const found = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value))
      return [key, value.filter((one) => !isFileOnly(one)).map((one) => withoutFiles(one as Schema))];
    if (key !== 'properties') return [key, value];
    const left = Object.entries(value as Record<string, Schema>).filter(([name]) => !namesFile.includes(name));
    return [key, Object.fromEntries(left.map(([name, one]) => [name, withoutFiles(one)]))];
  });
  const hadFile = Object.hasOwn((schema.properties as Schema | undefined) ?? {}, inFile);
  return { ...Object.fromEntries(found), ...(hadFile ? { required: [...(schema.required as string[]), 'refreshToken'] } : {}) };
}

function secretFields(schema: Schema, path = ''): string[] {
  const variants = [schema.anyOf, schema.oneOf].flatMap((list) => (list as Schema[] | undefined) ?? []);
  const own = Object.entries((schema.properties as Record<string, Schema> | undefined) ?? {}).flatMap(([name, one]) =>
    one.writeOnly === true ? [`${path}${name}`] : secretFields(one, `${path}${name}.`),
  );
  return [...own, ...variants.flatMap((one) => secretFields(one, path))];
}
