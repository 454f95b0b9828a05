/** What the org's Apex class does with a call of the panel, in the same steps: custom permission, one request to the server, its JSON or a fault. */
export interface Org {
  /** The running user's custom permissions. */
  permission: 'act' | 'read' | 'none';
  /** The callout that the Named Credential makes: `rest` is what comes after the panel's API. */
  send(rest: string, init: { method: string; headers: Record<string, string>; body?: string }): Promise<Response>;
  /** What `User.Email` is at this moment. */
  emailOf(userId: string): string | null;
}

/** The message of an AuraHandledException. */
class Fault extends Error {
  readonly told: { kind: string; title: string; detail: string };
  constructor(kind: string, title: string, detail: string) {
    super(title);
    this.told = { kind, title, detail };
  }
}

const unavailable = () =>
  new Fault('unavailable', 'Seatmatch does not answer.', 'Try again. If it lasts, ask your admin whether the Seatmatch server is up.');
const kindOfStatus: Record<number, string> = {
  400: 'refused',
  401: 'not-connected',
  403: 'no-rights',
  404: 'not-found',
  409: 'refused',
  422: 'refused',
};

type Params = Readonly<Record<string, string>>;

function query(fields: Readonly<Record<string, string | null | undefined>>): string {
  const pairs = Object.entries(fields)
    .filter((pair): pair is [string, string] => Boolean(pair[1]?.trim()))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

const segment = (value: string | undefined) => encodeURIComponent(value ?? '');
const plan = (params: Params, action: string) => `plans/${segment(params.planId)}/${action}`;

const reading: Record<string, (params: Params, org: Org) => string> = {
  getPanel: () => 'panel',
  getPeople: ({ filter }) => `panel/people${query({ limit: '25', ...(filter as unknown as Record<string, string>) })}`,
  getPerson: ({ key }) => `panel/people/${segment(key)}`,
  getRecord: ({ userId }, org) => `panel/record${query({ crmUserId: userId, email: org.emailOf(userId!) })}`,
  getPlan: ({ planId }) => `panel/plans/${segment(planId)}`,
  getPlanPeople: ({ planId, cursor }) => `panel/plans/${segment(planId)}/people${query({ cursor, limit: '25' })}`,
};
const acting: Record<string, (params: Params) => [rest: string, body: string]> = {
  createPlan: ({ choiceJson }) => ['plans', choiceJson!],
  approvePlan: (params) => [plan(params, 'approve'), JSON.stringify({ seal: params.seal })],
  cancelPlan: (params) => [plan(params, 'cancel'), '{}'],
  pausePlan: (params) => [plan(params, 'pause'), '{}'],
  resumePlan: (params) => [plan(params, 'resume'), '{}'],
  compareNow: () => ['panel/compare', '{}'],
};

async function answerOf(sent: Promise<Response>): Promise<string> {
  const response = await sent.catch(() => {
    throw unavailable();
  });
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json\b/u.test(response.headers.get('content-type') ?? '');
  if (!isJson) throw unavailable();
  if (response.ok) return text;
  const { kind, title, detail } = JSON.parse(text) as { kind?: string; title?: string; detail?: string };
  if (!title) throw unavailable();
  throw new Fault(kind ?? kindOfStatus[response.status] ?? 'unavailable', title, detail ?? '');
}

async function call(org: Org, method: string, params: Params): Promise<string> {
  const accept = { Accept: 'application/json, application/problem+json' };
  if (org.permission === 'none')
    throw new Fault(
      'no-rights',
      'You have no access to Seatmatch.',
      'Ask your admin for the permission set Seatmatch Viewer or Seatmatch Admin.',
    );
  const read = reading[method];
  if (read) return answerOf(org.send(read(params, org), { method: 'GET', headers: accept }));
  const act = acting[method];
  if (!act) throw new RangeError(`SeatmatchController has no method ${method}.`);
  if (org.permission !== 'act')
    throw new Fault('no-rights', 'You can look here, but not change anything.', 'Ask your admin for the permission set Seatmatch Admin.');
  const [rest, body] = act(params);
  const headers = { ...accept, 'Content-Type': 'application/json', 'Idempotency-Key': params.idempotencyKey! };
  return answerOf(org.send(rest, { method: 'POST', headers, body }));
}

/** Answers the page: `returned` is what Apex returns, `thrown` the message of its exception. */
export async function callApex(org: Org, method: string, params: Params): Promise<{ returned: string } | { thrown: string }> {
  try {
    return { returned: await call(org, method, params) };
  } catch (error) {
    if (error instanceof Fault) return { thrown: JSON.stringify(error.told) };
    throw error;
  }
}
