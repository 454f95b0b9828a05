/** HubSpot's dated paths: the one place that knows a version. */

export interface ApiVersions {
  readonly users: string;
  readonly owners: string;
  readonly account: string;
  readonly oauth: string;
}

/** /v1 to /v3 end in September 2027, the v1 of OAuth in February 2027 (developers.hubspot.com/changelog). */
export const usualVersions: ApiVersions = { users: '2026-03', owners: '2026-03', account: '2026-03', oauth: '2026-03' };

/** Paths below the base address. */
export interface Paths {
  readonly users: string;
  readonly owners: string;
  readonly account: string;
  readonly token: string;
  readonly introspect: string;
  readonly revoke: string;
}

export const pathsOf = ({ users, owners, account, oauth }: ApiVersions): Paths => ({
  users: `settings/users/${users}`,
  owners: `crm/owners/${owners}`,
  account: `account-info/${account}/details`,
  token: `oauth/${oauth}/token`,
  introspect: `oauth/${oauth}/token/introspect`,
  revoke: `oauth/${oauth}/token/revoke`,
});

/** Where a request that the SDK wrote for /v3 goes. Anything else that it can write is not ours to send: TypeError. */
export function datedPath(written: URL, base: URL, paths: Paths): URL {
  const path = written.pathname.slice(base.pathname.length).replace(/\/$/, '');
  const dated = { 'settings/v3/users': paths.users, 'crm/v3/owners': paths.owners }[path];
  if (dated === undefined) throw new TypeError('The SDK wrote a path that has no dated one.');
  const url = new URL(dated, base);
  url.search = written.search;
  return url;
}
