import { z } from 'zod';
import type { AccountChange } from '../connector.ts';

/** What goes over the wire of SCIM 2.0: RFC 7643 (users), RFC 7644 (protocol). */

export const schemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  patchOp: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  listResponse: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const;

const text = z.string().nullish();
const email = z.looseObject({ type: text, value: text, primary: z.union([z.boolean(), z.string()]).nullish() });

/** Unknown attributes stay, for a PUT must send them back. */
export const scimUser = z.looseObject({
  id: z.string().min(1),
  externalId: text,
  userName: text,
  name: z.looseObject({ givenName: text, familyName: text }).nullish(),
  displayName: text,
  // Entra ID sends "True"; somebody may have stored it so.
  active: z.union([z.boolean(), z.stringFormat('boolean', /^(true|false)$/i).transform((word) => word.toLowerCase() === 'true')]).nullish(),
  emails: z.array(email).nullish(),
  groups: z.array(z.looseObject({ display: text })).nullish(),
  meta: z.looseObject({ version: text }).nullish(),
});
export type ScimUser = z.output<typeof scimUser>;

export const listResponse = z.object({
  totalResults: z.int().min(0),
  startIndex: z.int().nullish(),
  // Left out where there are none (RFC 7644 §3.4.2).
  Resources: z.array(scimUser).nullish(),
});

const supported = z.looseObject({ supported: z.boolean() }).nullish();
export const serviceProviderConfig = z.looseObject({
  patch: supported,
  filter: z.looseObject({ supported: z.boolean(), maxResults: z.int().nullish() }).nullish(),
  etag: supported,
});
export type ServiceProviderConfig = z.output<typeof serviceProviderConfig>;

/** Both shapes of an error: RFC 7644 §3.12, and what api.linkedin.com answers in general. */
export const scimError = z.looseObject({ scimType: text, status: z.union([z.string(), z.number()]).nullish() });

/** A value in a filter is a JSON string (RFC 7644 §3.4.2.2), so quotes and backslashes inside it are escaped. */
export const equalsFilter = (attribute: 'externalId' | 'userName', value: string): string => `${attribute} eq ${JSON.stringify(value)}`;

/** The address of work, else the primary one, else the only one. */
export function workEmail({ emails }: Pick<ScimUser, 'emails'>): string | null {
  const all = emails ?? [];
  const found = all.find(({ type }) => type === 'work') ?? all.find(({ primary }) => String(primary) === 'true') ?? all[0];
  return found?.value ?? null;
}

export interface PatchSpelling {
  readonly opCase: 'lower' | 'capital';
  readonly activeAs: 'boolean' | 'string';
}

const activeValue = (active: boolean, { activeAs }: PatchSpelling): boolean | string =>
  activeAs === 'boolean' ? active : active ? 'True' : 'False';

/** The PatchOp that makes a change hold (RFC 7644 §3.5.2). */
export function patchFor(user: ScimUser, change: AccountChange, spelling: PatchSpelling): object {
  const replace = spelling.opCase === 'lower' ? 'replace' : 'Replace';
  const add = spelling.opCase === 'lower' ? 'add' : 'Add';
  const operations: object[] = [];
  if (change.email !== undefined) {
    operations.push({ op: replace, path: 'userName', value: change.email });
    // Replacing what a filter does not find is an error (noTarget).
    if (user.emails?.some(({ type }) => type === 'work'))
      operations.push({ op: replace, path: 'emails[type eq "work"].value', value: change.email });
    else operations.push({ op: add, path: 'emails', value: [{ type: 'work', value: change.email, primary: true }] });
  }
  if (change.active !== undefined) operations.push({ op: replace, path: 'active', value: activeValue(change.active, spelling) });
  return { schemas: [schemas.patchOp], Operations: operations };
}

/** The whole user with the change in it, for a server without PATCH. What the server sets itself is left out (RFC 7644 §3.5.1). */
export function putFor(user: ScimUser, change: AccountChange, spelling: PatchSpelling): object {
  const { meta: _meta, groups: _groups, emails, ...rest } = user;
  const others = (emails ?? []).filter(({ type }) => type !== 'work');
  const work = (emails ?? []).find(({ type }) => type === 'work') ?? { type: 'work', primary: others.length === 0 };
  return {
    ...rest,
    ...(change.email === undefined
      ? { emails: emails ?? [] }
      : { userName: change.email, emails: [{ ...work, value: change.email }, ...others] }),
    ...(change.active === undefined ? {} : { active: activeValue(change.active, spelling) }),
  };
}

const sameAddress = (a: string | null | undefined, b: string): boolean => a?.trim().toLowerCase() === b.trim().toLowerCase();

/** Whether a user is as a change wants it. Where it has a work email, that one counts too. */
export function holds(user: ScimUser, change: AccountChange): boolean {
  const work = workEmail(user);
  const hasEmail =
    change.email === undefined || (sameAddress(user.userName, change.email) && (work === null || sameAddress(work, change.email)));
  return hasEmail && (change.active === undefined || user.active === change.active);
}
