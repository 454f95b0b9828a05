/**
 * An OpenAPI document of the calls that the HubSpot connector makes, read out of the code that HubSpot generated from its own (the SDK):
 * paths, parameters and form fields from its request factories, shapes and what is required from its models. Nothing of it is written here.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const codegen = resolve(import.meta.dirname, '../../../node_modules/@hubspot/api-client/lib/codegen');
const read = (...names: string[]): string => readFileSync(resolve(codegen, ...names), 'utf8');

type Schema = Readonly<Record<string, unknown>>;

/** Where HubSpot's documentation puts what the SDK still knows by its older path. */
const dated: Readonly<Record<string, string>> = {
  '/settings/v3/users/': '/settings/users/2026-03',
  '/settings/v3/users/{userId}': '/settings/users/2026-03/{userId}',
  '/crm/v3/owners/': '/crm/owners/2026-03',
  '/crm/v3/owners/{ownerId}': '/crm/owners/2026-03/{ownerId}',
  '/oauth/v1/token': '/oauth/2026-03/token',
};

/** What the SDK's serializer is told of a value. */
function schemaOf(type: string, format: string, into: Map<string, Schema>, folder: string): Schema {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) return { type: 'array', items: schemaOf(list, format, into, folder) };
  if (type === 'Date') return { type: 'string', format: 'date-time' };
  if (['string', 'boolean'].includes(type)) return { type };
  if (type === 'number') return { type: format.startsWith('int') ? 'integer' : 'number' };
  if (/^'\w+'(?: \| '\w+')*$/.test(type)) return { type: 'string', enum: type.split(' | ').map((word) => word.slice(1, -1)) };
  if (type.endsWith('Enum')) return { type: 'string' };
  return model(folder, type, into);
}

/** A model of the SDK: its types stand in the code, what must be there in its declaration. */
function model(folder: string, name: string, into: Map<string, Schema>): Schema {
  const reference = { $ref: `#/components/schemas/${name}` };
  if (into.has(name)) return reference;
  into.set(name, {});
  const code = read(folder, 'models', `${name}.js`);
  const attributes = [...code.matchAll(/"name": "(\w+)",\s+"baseName": "(\w+)",\s+"type": "([^"]+)",\s+"format": "([\w-]*)"/g)];
  const onTheWire = new Map(attributes.map(([, field, wire]) => [field!, wire!]));
  const declared = [...read(folder, 'models', `${name}.d.ts`).matchAll(/^ {4}'(\w+)': /gm)];
  const required = declared.map(([, field]) => onTheWire.get(field!));
  if (attributes.length === 0 || required.includes(undefined)) throw new Error(`The SDK's ${name} is not read rightly.`);
  const properties = Object.fromEntries(attributes.map(([, , wire, type, format]) => [wire!, schemaOf(type!, format!, into, folder)]));
  into.set(name, { type: 'object', properties, ...(required.length === 0 ? {} : { required }) });
  return reference;
}

/** One method of a request factory, with the model of its answer. */
function operation(folder: string, api: string, method: string, into: Map<string, Schema>): [path: string, verb: string, Schema] {
  const code = read(folder, 'apis', `${api}.js`);
  const body = new RegExp(`\\n    ${method}\\(([\\s\\S]*?)return requestContext;`).exec(code)?.[1] ?? '';
  const path = dated[/localVarPath = '([^']+)'/.exec(body)?.[1] ?? ''];
  const verb = /HttpMethod\.(\w+)/.exec(body)?.[1]?.toLowerCase();
  const answer = new RegExp(`\\n    ${method}WithHttpInfo\\(response\\)[\\s\\S]*?"(\\w+)", ""\\)`).exec(code)?.[1];
  if (path === undefined || verb === undefined || answer === undefined) throw new Error(`The SDK's ${api}.${method} is not read rightly.`);
  const parameters = [
    ...body.matchAll(/setQueryParam\("(\w+)", ObjectSerializer_1\.ObjectSerializer\.serialize\(\w+, "([^"]+)", "([\w-]*)"\)/g),
  ];
  const fields = [...body.matchAll(/localVarFormParams\.append\('(\w+)'/g)].map(([, field]) => field!);
  const form = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
  };
  return [
    path,
    verb,
    {
      parameters: [
        ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...parameters.map(([, name, type, format]) => ({ name, in: 'query', schema: schemaOf(type!, format!, into, folder) })),
      ],
      ...(fields.length === 0
        ? {}
        : { requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: form } } } }),
      ...(body.includes('authMethods["oauth2"]') ? { security: [{ oauth2: [] }] } : {}),
      responses: { 200: { description: 'As the SDK reads it.', content: { 'application/json': { schema: model(folder, answer, into) } } } },
    },
  ];
}

export function openApiOfSdk() {
  const schemas = new Map<string, Schema>();
  const operations = [
    operation('settings/users', 'UsersApi', 'getPage', schemas),
    operation('settings/users', 'UsersApi', 'getById', schemas),
    operation('crm/owners', 'OwnersApi', 'getPage', schemas),
    operation('crm/owners', 'OwnersApi', 'getById', schemas),
    operation('oauth', 'TokensApi', 'create', schemas),
  ];
  return {
    openapi: '3.0.3',
    info: { title: 'HubSpot, as its SDK has it', version: '14.0.1' },
    paths: Object.fromEntries(operations.map(([path, verb, of]) => [path, { [verb]: of }])),
    components: { schemas: Object.fromEntries(schemas), securitySchemes: { oauth2: { type: 'http', scheme: 'bearer' } } },
  };
}
