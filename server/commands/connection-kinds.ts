import { z } from 'zod';
import { FileRefused } from '../../connectors/errors.ts';
import { callerOf, faultOfSignature } from '../../connectors/hubspot/verify-request.ts';
import { type ConnectionSettings, connect, replacesTokens } from '../../connectors/registry.ts';
import type { ConnectionKind, ConnectionKinds, KnownSettings, SettingsFault } from '../jobs/connection-desk.ts';
import { faultsOf, readConnections, resolvedConnection, usualConfigFile } from './read-connections.ts';
import { vendorSignIn } from './vendor-sign-in.ts';

type Type = ConnectionSettings['type'];
type Schema = Record<string, unknown>;

/** A file on the server's disk can be named in the configuration file alone: whoever can write there may read there. */
const known = {
  salesforce: { side: 'crm', vendor: 'Salesforce', crm: 'salesforce', storable: true },
  hubspot: { side: 'crm', vendor: 'HubSpot', crm: 'hubspot', storable: true },
  zoho: { side: 'crm', vendor: 'Zoho CRM', crm: 'zoho', storable: true },
  dynamics: { side: 'crm', vendor: 'Dynamics 365', crm: 'dynamics', storable: true },
  'linkedin-scim': { side: 'licenses', vendor: 'LinkedIn SCIM', crm: null, storable: true },
  'linkedin-files': { side: 'licenses', vendor: 'LinkedIn files', crm: null, storable: false },
  'crm-csv': { side: 'crm', vendor: 'CSV file', crm: null, storable: false },
} as const satisfies Readonly<Record<Type, Pick<ConnectionKind, 'side' | 'vendor' | 'crm' | 'storable'>>>;

/** A refresh token is kept in the store, not in a file. */
const inFile = 'refreshTokenFile';

/** Every kind of connection, as the server keeps and asks them. @param configFile null: the usual one of this folder, where there is one */
export function connectionKinds(
  configFile: string | null,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ConnectionKinds {
  return {
    kinds,
    parse(settings) {
      const read = resolvedConnection.safeParse(settings);
      if (!read.success) return { faults: read.error.issues.flatMap(faultsOf).map(toFault) };
      const { auth = {} } = read.data as { readonly auth?: object };
      if (Object.hasOwn(auth, inFile)) return { faults: [{ at: `auth.${inFile}`, fault: 'is for the configuration file' }] };
      return { known: read.data };
    },
    signIn: vendorSignIn,
    hubSpotSigning: { faultOf: faultOfSignature, callerOf },
    connect: (known, token) => connect(known as ConnectionSettings, token ?? undefined),
    configured() {
      const path = configFile ?? usualConfigFile();
      if (path === null) return null;
      try {
        return { known: readConnections(path, environment) satisfies readonly KnownSettings[] };
      } catch (error) {
        if (error instanceof FileRefused) return { fault: error.message };
        throw error;
      }
    },
  };
}

const toFault = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): SettingsFault => ({
  at: path.map(String).join('.') || 'settings',
  fault: message,
});

const kinds: readonly ConnectionKind[] = (Object.keys(known) as Type[]).map((type) => {
  const option = resolvedConnection.options.find(({ shape }) => shape.type.value === type)!;
  const { $schema: _, ...whole } = z.toJSONSchema(option, { io: 'input' }) as Schema;
  const { name: __, type: ___, ...properties } = whole.properties as Schema;
  const required = (whole.required as readonly string[]).filter((field) => field !== 'name' && field !== 'type');
  const schema = withoutFiles({ ...whole, properties, required });
  return { type, ...known[type], replacesTokens: replacesTokens(type), schema, secretFields: [...new Set(secretFields(schema))] };
});

/** Without the ways that name a file; where one was the other way, what is left is needed. */
function withoutFiles(schema: Schema): Schema {
  const isFileOnly = (one: unknown): boolean => ((one as Schema).required as string[] | undefined)?.includes(inFile) === true;
  const found = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value))
      return [key, value.filter((one) => !isFileOnly(one)).map((one) => withoutFiles(one as Schema))];
    if (key !== 'properties') return [key, value];
    const left = Object.entries(value as Record<string, Schema>).filter(([name]) => name !== inFile);
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
