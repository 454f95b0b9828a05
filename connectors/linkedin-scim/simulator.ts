/**
 * LinkedIn's SCIM on a local port, in front of the same Admin Center as the file simulator: what is written here stands in its exports and
 * the other way round. LinkedIn documents the attributes and little else (facts: a10215127, a1657264); the rest is RFC 7643 and 7644.
 * Quirks: `repeated-page`, `short-page`, `shrunken-total`, `error-in-200`, `ignores-filter`. Another writer comes first:
 * `changed-meanwhile` (with another email), `touched-meanwhile` (with something else), `written-meanwhile` (with the very email).
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type AdminCenter,
  type Author,
  emailKey,
  findByEmail,
  findByUniqueId,
  findPerson,
  type Person,
} from '../linkedin-files/simulator/admin-center.ts';
import { advanceTo } from '../linkedin-files/simulator/clock.ts';
import { viewOf } from '../linkedin-files/simulator/export-users.ts';
import { giveLicense, refuseEmail, refuseLicense, setAttributes, setEmail, takeLicense } from '../linkedin-files/simulator/write-person.ts';
import {
  type ServedSimulator,
  type ServeOptions,
  type SimulatedAnswer,
  type SimulatedRequest,
  serveSimulator,
} from '../serve-simulator.ts';
import { schemas } from './scim-messages.ts';

export interface ScimBehaviour {
  /** Whether /Users can be read without a filter. */
  list: boolean;
  /** What can be searched by. */
  filterBy: readonly ('externalId' | 'userName')[];
  /** After PATCH and PUT: the user, or nothing. */
  answers: 'user' | 'nothing';
  errors: 'scim' | 'linkedin';
  providesConfig: boolean;
  patch: boolean;
  etag: boolean;
  /** Types that the token's configuration assigns to whoever becomes active; none: only data is provisioned. */
  autoAssign: readonly string[];
  /** The most that a page holds, whatever is asked; null: as many as are asked for. */
  largestPage: number | null;
}

export interface ScimSimulatorOptions extends ServeOptions {
  readonly center: AdminCenter;
  readonly token?: string;
  readonly behaviour?: Partial<ScimBehaviour>;
  /** Milliseconds since 1970. Given, the center's clock follows it; else it stands until it is moved. */
  readonly clock?: () => number;
  /** The number under which its writes stand in the journal as an upload's do, for whoever has to tell them apart; default none. */
  readonly upload?: () => number;
  /** Requests that a token is good for; default as many as come. */
  readonly requestsPerToken?: number;
  /** The Admin Center as it is by now, before every answer, where it may have been replaced; default `center`. */
  readonly tick?: () => AdminCenter;
  /** Told when an answer may have changed somebody. */
  readonly onWrite?: () => void;
}

export interface ScimSimulator extends ServedSimulator {
  readonly center: AdminCenter;
  readonly behaviour: ScimBehaviour;
  /** The one that is accepted now. */
  token(): string;
  setToken(token: string): void;
}

const otherWriter = { by: 'another-admin', upload: null } as const;

export async function startScimSimulator(options: ScimSimulatorOptions): Promise<ScimSimulator> {
  let { center } = options;
  let token = options.token ?? 'scim-token';
  let left = options.requestsPerToken ?? Number.POSITIVE_INFINITY;
  const authorNow = (): Author => ({ by: 'scim', upload: options.upload?.() ?? null });
  const behaviour: ScimBehaviour = {
    list: true,
    filterBy: ['externalId', 'userName'],
    answers: 'user',
    errors: 'scim',
    providesConfig: true,
    patch: true,
    etag: true,
    autoAssign: [center.settings.defaultType],
    largestPage: null,
    ...options.behaviour,
  };

  function refused(status: number, detail: string, scimType?: string): SimulatedAnswer {
    const body =
      behaviour.errors === 'scim'
        ? { schemas: [schemas.error], status: String(status), detail, ...(scimType ? { scimType } : {}) }
        : { message: detail, serviceErrorCode: status, status };
    return { status, headers: scim, body };
  }

  const userOf = (person: Person) => {
    const shown = viewOf(center, person);
    return {
      schemas: [schemas.user],
      id: person.id,
      ...(shown.uniqueUserId === '' ? {} : { externalId: shown.uniqueUserId }),
      userName: shown.profileEmail,
      name: { givenName: shown.givenName, familyName: shown.familyName },
      displayName: `${shown.givenName} ${shown.familyName}`.trim(),
      emails: [{ type: 'work', value: shown.profileEmail, primary: true }],
      active: shown.license !== 'none',
      meta: {
        resourceType: 'User',
        location: `${served.url}/Users/${person.id}`,
        ...(behaviour.etag ? { version: versionOf(person) } : {}),
      },
    };
  };

  function search({ url }: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    const filter = url.searchParams.get('filter');
    if (filter === null && !behaviour.list) return refused(403, 'Listing is not supported.');
    const found = filter === null || quirks.has('ignores-filter') ? center.people : matching(filter);
    if (found === null) return refused(400, 'This filter is not supported.', 'invalidFilter');
    const startIndex = Math.max(1, Number(url.searchParams.get('startIndex') ?? 1));
    const count = Math.min(behaviour.largestPage ?? Number.POSITIVE_INFINITY, Number(url.searchParams.get('count') ?? 100));
    const from = quirks.has('repeated-page') ? 1 : startIndex;
    const people = found.slice(from - 1, from - 1 + count);
    const Resources = (quirks.has('short-page') ? people.slice(1) : people).map(userOf);
    const totalResults = found.length - (quirks.has('shrunken-total') ? 1 : 0);
    return {
      status: 200,
      headers: scim,
      body: { schemas: [schemas.listResponse], totalResults, startIndex, itemsPerPage: Resources.length, Resources },
    };
  }

  /** Null: a filter that is not searched by. */
  function matching(filter: string): readonly Person[] | null {
    const [, attribute, quoted] = /^(externalId|userName) eq ("(?:[^"\\]|\\.)*")$/.exec(filter) ?? [];
    if (attribute === undefined || !behaviour.filterBy.includes(attribute as 'externalId' | 'userName')) return null;
    const value = JSON.parse(quoted!) as string;
    const found = attribute === 'externalId' ? findByUniqueId(center, value) : findShownAt(value);
    return found === undefined ? [] : [found];
  }

  /** A search finds what a read would show, and that may be an address from before. */
  function findShownAt(email: string): Person | undefined {
    const lagging = Object.keys(center.views).map((id) => findPerson(center, id));
    return [findByEmail(center, email), ...lagging].find(
      (person) => person !== undefined && emailKey(viewOf(center, person).profileEmail) === emailKey(email),
    );
  }

  function write(kind: string, person: Person, request: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    const body: unknown = JSON.parse(request.body.toString());
    const wanted = kind === 'put' ? wantedByPut(body) : wantedByPatch(body);
    if (typeof wanted === 'string') return refused(400, wanted, 'invalidValue');
    const { email, active, externalId } = wanted;
    if (quirks.has('changed-meanwhile')) setEmail(center, person, `elsewhere.${person.profileEmail}`, otherWriter);
    if (quirks.has('touched-meanwhile')) setAttributes(center, person, { groups: ['Elsewhere'] }, otherWriter);
    if (quirks.has('written-meanwhile') && email !== undefined) setEmail(center, person, email, otherWriter);
    const match = request.headers['if-match'];
    if (behaviour.etag && match !== undefined && match !== versionOf(person)) return refused(412, 'The user was changed meanwhile.');
    if (email !== undefined && emailKey(email) !== emailKey(person.profileEmail)) {
      const why = refuseEmail(center, person, email);
      if (why === 'email-taken') return refused(409, 'The email address belongs to another user.', 'uniqueness');
      if (why !== null) return refused(400, 'The email address is not valid.', 'invalidValue');
    }
    if (externalId !== undefined && externalId !== person.uniqueUserId && findByUniqueId(center, externalId) !== undefined)
      return refused(409, 'The Unique User ID belongs to another user.', 'uniqueness');
    const author = authorNow();
    if (email !== undefined) setEmail(center, person, email, author);
    if (externalId !== undefined) setAttributes(center, person, { uniqueUserId: externalId }, author);
    // A license is a side effect, and where none is left the user is updated all the same.
    if (active === false) takeLicense(center, person, person.licenseTypes, author);
    if (active === true && person.license === 'none' && refuseLicense(center, person, behaviour.autoAssign) === null)
      giveLicense(center, person, behaviour.autoAssign, author);
    return behaviour.answers === 'nothing' ? { status: 204 } : { status: 200, headers: scim, body: userOf(person) };
  }

  function answer(kind: string, request: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    if (request.headers.authorization !== `Bearer ${token}` || left === 0) return refused(401, 'The token is not valid.');
    left -= 1;
    center = options.tick?.() ?? center;
    if (options.clock) advanceTo(center, options.clock());
    if (quirks.has('error-in-200')) return { ...refused(500, 'Something went wrong.'), status: 200 };
    if (kind === 'config')
      return behaviour.providesConfig ? { status: 200, headers: scim, body: configOf(behaviour) } : refused(404, 'No such endpoint.');
    if (kind === 'users') return search(request, quirks);
    const person = findPerson(center, decodeURIComponent(request.url.pathname.split('/').at(-1)!));
    if (person === undefined) return refused(404, 'No such user.');
    if (kind === 'user') return { status: 200, headers: scim, body: userOf(person) };
    if (kind === 'patch' && !behaviour.patch) return refused(501, 'PATCH is not supported.');
    const said = write(kind, person, request, quirks);
    options.onWrite?.();
    return said;
  }

  const served = await serveSimulator(
    {
      quirks: [
        'ignores-filter',
        'repeated-page',
        'short-page',
        'shrunken-total',
        'changed-meanwhile',
        'touched-meanwhile',
        'written-meanwhile',
        'error-in-200',
      ],
      notFound: refused(404, 'No such endpoint.'),
      kindOf({ method, url }) {
        if (url.pathname === '/ServiceProviderConfig') return method === 'GET' ? 'config' : null;
        if (url.pathname === '/Users') return method === 'GET' ? 'users' : null;
        if (!/^\/Users\/[^/]+$/.test(url.pathname)) return null;
        return { GET: 'user', PATCH: 'patch', PUT: 'put' }[method] ?? null;
      },
      answer,
    },
    options,
  );
  return {
    ...served,
    get center() {
      return center;
    },
    behaviour,
    token: () => token,
    setToken(next) {
      token = next;
      left = Number.POSITIVE_INFINITY;
    },
  };
}

const scim = { 'content-type': 'application/scim+json' };

const versionOf = (person: Person): string => `W/"${createHash('sha256').update(JSON.stringify(person)).digest('hex').slice(0, 16)}"`;

const configOf = ({ patch, filterBy, etag, largestPage }: ScimBehaviour) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: patch },
  bulk: { supported: false },
  filter: { supported: filterBy.length > 0, ...(largestPage === null ? {} : { maxResults: largestPage }) },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: etag },
});

interface Wanted {
  readonly email?: string;
  readonly active?: boolean;
  readonly externalId?: string;
}

const flag = z.union([z.boolean(), z.stringFormat('boolean', /^(true|false)$/i).transform((word) => word.toLowerCase() === 'true')]);
const patchBody = z.object({
  schemas: z.array(z.literal(schemas.patchOp)).length(1),
  Operations: z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown() })).min(1),
});
const putBody = z.object({ userName: z.string(), externalId: z.string().optional(), active: flag.optional() });

/** What a PatchOp asks of this person, or why it is none. */
function wantedByPatch(body: unknown): Wanted | string {
  const read = patchBody.safeParse(body);
  if (!read.success) return 'This is no PatchOp.';
  let wanted: Wanted = {};
  for (const { op, path, value } of read.data.Operations) {
    if (!['replace', 'add'].includes(op.toLowerCase())) return `The operation ${op} is not supported.`;
    switch (path) {
      case 'userName':
      case 'emails[type eq "work"].value':
        wanted = { ...wanted, email: z.string().parse(value) };
        break;
      case 'externalId':
        wanted = { ...wanted, externalId: z.string().parse(value) };
        break;
      case 'active':
        wanted = { ...wanted, active: flag.parse(value) };
        break;
      default:
        return `The path ${path} is not supported.`;
    }
  }
  return wanted;
}

function wantedByPut(body: unknown): Wanted | string {
  const read = putBody.safeParse(body);
  if (!read.success) return 'This is no User.';
  const { userName, externalId, active } = read.data;
  return { email: userName, ...(externalId === undefined ? {} : { externalId }), ...(active === undefined ? {} : { active }) };
}
