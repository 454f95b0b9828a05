import type {
  Alarms,
  Alerts,
  AnswerQuestion,
  Batch,
  BatchRow,
  ChatWebhook,
  Connection,
  ConnectionChange,
  ConnectionChecked,
  Connections,
  Contract,
  ContractChange,
  CrmInvitations,
  CrmUsers,
  Decisions,
  DemoCenter,
  DemoPerson,
  DemoPersonChange,
  DemoUpload,
  Directory,
  DomainChanges,
  Feeds,
  FeedTokenGiven,
  FileOffers,
  FirstInvitations,
  Groups,
  Invitations,
  Job,
  LicenseHolderRow,
  Licenses,
  LinkToOpen,
  LookedAtMailing,
  MadeAlertChannel,
  Mail,
  Mailing,
  Mails,
  MappingChange,
  MessagePreview,
  Messages,
  MismatchPeople,
  MismatchReport,
  NewAlertChannel,
  NewBatch,
  NewConnection,
  NewContract,
  NewDomainChange,
  NewException,
  NewFeedToken,
  NewIdentityAnswer,
  NewLink,
  NewMailing,
  NewObservedAnswer,
  NewReconciliation,
  NewSchedule,
  NewUsageReport,
  NewUserFiles,
  NewWebhook,
  Overview,
  OwnSubscription,
  PanelAccessGiven,
  PanelHosts,
  People,
  Person,
  PersonCheck,
  PersonUsage,
  Plan,
  PlanApproval,
  PlanChange,
  PlanPerson,
  PlanRow,
  ProfileAnswer,
  ProofOutcome,
  Reconciliation,
  ReconciliationRow,
  Rematch,
  RematchDetail,
  Reminded,
  ReportChanges,
  ReportedRepairs,
  Schedule,
  ScheduleChange,
  SchedulePreview,
  Schedules,
  Session,
  Settings,
  SettingsChange,
  Side,
  Upload,
  Usage,
  UsageBrought,
  UsagePeople,
  UsageReport,
} from '../../../../server/api.ts';
import { text } from '../text.ts';
import { inContract } from './contract-address.ts';
import { Problem } from './problem.ts';
import { sendOnce } from './send-once.ts';

/**
 * One call. What comes back was checked against its schema by the server's own tests, so that the page carries no second copy.
 * @throws {Problem} for every refusal and for a server that does not answer
 */
async function call<Answer>(method: string, asked: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const path = inContract(asked);
  const raw = body instanceof Blob;
  const sent = body === undefined ? null : raw ? body : JSON.stringify(body);
  const send = (key: string | null) =>
    fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
        ...(key === null ? {} : { 'idempotency-key': `"${key}"` }),
      },
      body: sent,
      signal: signal ?? null,
    });
  const signature = `${path} ${raw ? body.size : sent}`;
  const response = await (method === 'POST' ? sendOnce(signature, send) : send(null)).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new Problem(0, text.error.unreachable, text.error.unreachableDetail, { path }, { cause });
  });
  if (!response.ok) throw await problemOf(response, path);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function problemOf(response: Response, path: string): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const title = typeof told.title === 'string' ? told.title : response.statusText;
  return new Problem(response.status, title, typeof told.detail === 'string' ? told.detail : null, {
    path,
    status: response.status,
    ...told,
  });
}

const of = encodeURIComponent;

export const getSession = (signal: AbortSignal) => call<Session>('GET', '/api/session', undefined, signal);
export const signIn = (code: string) => call<Session>('POST', '/api/session/sign-in', { code });
export const listContracts = (signal: AbortSignal) => call<{ rows: Contract[] }>('GET', '/api/contracts', undefined, signal);
export const createContract = (contract: NewContract) => call<Contract>('POST', '/api/contracts', contract);
export const changeContract = (id: string, change: ContractChange) => call<Contract>('PATCH', `/api/contracts/${of(id)}`, change);
export const getOverview = (signal: AbortSignal) => call<Overview>('GET', '/api/overview', undefined, signal);
export const listPeople = (query: URLSearchParams, signal: AbortSignal) => call<People>('GET', `/api/people?${query}`, undefined, signal);
/** Everybody whom the filters leave, page by page. */
export async function listAllPeople(query: URLSearchParams): Promise<People['rows']> {
  const rows: People['rows'] = [];
  const asked = new URLSearchParams(query);
  asked.set('limit', '500');
  asked.delete('cursor');
  for (;;) {
    const page = await call<People>('GET', `/api/people?${asked}`);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    asked.set('cursor', page.next);
  }
}
export const getPerson = (key: string, signal: AbortSignal) => call<Person>('GET', `/api/people/${of(key)}`, undefined, signal);

export function createUpload(file: File, side: Side | 'usage' | null): Promise<Upload> {
  const query = new URLSearchParams({ name: file.name, modifiedAt: new Date(file.lastModified).toISOString() });
  if (side) query.set('side', side);
  return call('POST', `/api/uploads?${query}`, file);
}
export const getUpload = (id: string, signal: AbortSignal) => call<Upload>('GET', `/api/uploads/${of(id)}`, undefined, signal);
export const mapUpload = (id: string, change: MappingChange) => call<Upload>('PUT', `/api/uploads/${of(id)}/mapping`, change);

export const getUsage = (query: URLSearchParams, signal: AbortSignal) => call<Usage>('GET', `/api/usage?${query}`, undefined, signal);
export const listUsage = (query: URLSearchParams, signal: AbortSignal) =>
  call<UsagePeople>('GET', `/api/usage/people?${query}`, undefined, signal);
export const usageFileHref = (format: 'csv' | 'json' | 'xlsx', query: URLSearchParams) =>
  inContract(`/api/usage/people.${format}?${query}`);
export const listUsageReports = (signal: AbortSignal) => call<{ rows: UsageReport[] }>('GET', '/api/usage/reports', undefined, signal);
export const createUsageReport = (report: NewUsageReport) => call<UsageBrought>('POST', '/api/usage/reports', report);
export const undoUsageReport = (id: string) => call<{ sentence: string }>('DELETE', `/api/usage/reports/${of(id)}`);
export const usageRejectsHref = (id: string) => inContract(`/api/usage/reports/${of(id)}/rejects.csv`);
export const getPersonUsage = (key: string, signal: AbortSignal) =>
  call<PersonUsage>('GET', `/api/people/${of(key)}/usage`, undefined, signal);

export const getMismatchReport = (query: URLSearchParams, signal: AbortSignal) =>
  call<MismatchReport>('GET', `/api/report?${query}`, undefined, signal);
export const listMismatch = (query: URLSearchParams, signal: AbortSignal) =>
  call<MismatchPeople>('GET', `/api/report/people?${query}`, undefined, signal);
export const listReportChanges = (query: URLSearchParams, signal: AbortSignal) =>
  call<ReportChanges>('GET', `/api/report/changes?${query}`, undefined, signal);
export const listReportedRepairs = (query: URLSearchParams, signal: AbortSignal) =>
  call<ReportedRepairs>('GET', `/api/report/repairs?${query}`, undefined, signal);
export const reviewReport = (run: number) => call<void>('PUT', '/api/report/review', { run });
export const reportTableHref = (table: string, format: 'csv' | 'json' | 'xlsx', query: URLSearchParams) =>
  inContract(`/api/report/${table}.${format}?${query}`);

export const getDirectory = (signal: AbortSignal) => call<{ directory: Directory | null }>('GET', '/api/directory', undefined, signal);
export const replaceDirectory = (file: File) =>
  call<{ directory: Directory | null }>(
    'PUT',
    `/api/directory?${new URLSearchParams({ name: file.name, modifiedAt: new Date(file.lastModified).toISOString() })}`,
    file,
  );
export const deleteDirectory = () => call<void>('DELETE', '/api/directory');

export const createReconciliation = (run: NewReconciliation) => call<{ id: string }>('POST', '/api/reconciliations', run);
export const repeatReconciliation = (id: string) => call<{ id: string }>('POST', `/api/reconciliations/${of(id)}/repeat`);
export const listReconciliations = (cursor: string | null, signal: AbortSignal) =>
  call<{ rows: ReconciliationRow[]; next: string | null }>(
    'GET',
    `/api/reconciliations${cursor ? `?cursor=${of(cursor)}` : ''}`,
    undefined,
    signal,
  );
export const getReconciliation = (id: string, signal: AbortSignal) =>
  call<Reconciliation>('GET', `/api/reconciliations/${of(id)}`, undefined, signal);
export const answerReconciliation = (id: string, answer: AnswerQuestion) =>
  call<Reconciliation>('POST', `/api/reconciliations/${of(id)}/answer`, answer);
export const listFiles = (id: string, signal: AbortSignal) =>
  call<FileOffers>('GET', `/api/reconciliations/${of(id)}/files`, undefined, signal);

export const reportHref = (id: string, format: 'csv' | 'xlsx' | 'json') => inContract(`/api/reconciliations/${of(id)}/report.${format}`);
export const rejectsHref = (id: string) => inContract(`/api/reconciliations/${of(id)}/rejects.csv`);
export const fileHref = (id: string, name: string) => inContract(`/api/reconciliations/${of(id)}/files/${of(name)}`);

/** The text of one of the files, for looking at it without a spreadsheet program. */
export async function readFile(id: string, name: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(fileHref(id, name), { signal });
  if (!response.ok) throw await problemOf(response, fileHref(id, name));
  return response.text();
}

export const getSettings = (signal: AbortSignal) => call<Settings>('GET', '/api/settings', undefined, signal);
export const changeSettings = (change: SettingsChange) => call<Settings>('PUT', '/api/settings', change);

export const listAlarms = (signal: AbortSignal) => call<Alarms>('GET', '/api/alarms', undefined, signal);
export const getAlerts = (signal: AbortSignal) => call<Alerts>('GET', '/api/alerts', undefined, signal);
export const createAlertChannel = (channel: NewAlertChannel) => call<MadeAlertChannel>('POST', '/api/alert-channels', channel);
export const deleteAlertChannel = (id: string) => call<void>('DELETE', `/api/alert-channels/${of(id)}`);
export const testAlertChannel = (id: string) => call<unknown>('POST', `/api/alert-channels/${of(id)}/test`);
export const listAlertMails = (cursor: string | null, signal: AbortSignal) =>
  call<Mails>('GET', `/api/mails?of=alerts${cursor ? `&cursor=${of(cursor)}` : ''}`, undefined, signal);
export const listMails = (cursor: string | null, signal: AbortSignal) =>
  call<Mails>('GET', `/api/mails${cursor ? `?cursor=${of(cursor)}` : ''}`, undefined, signal);
export const listMessages = (signal: AbortSignal) => call<Messages>('GET', '/api/messages', undefined, signal);
export const getMail = (id: string, signal: AbortSignal) => call<Mail>('GET', `/api/mails/${of(id)}`, undefined, signal);
export const settleMail = (id: string, answer: 'send-again' | 'leave') => call<Mail>('POST', `/api/mails/${of(id)}/answer`, { answer });
export const sendTestMail = (to: string) => call<{ id: string }>('POST', '/api/mails/test', { to });

export const sendLink = (link: LinkToOpen) => call<{ id: string }>('POST', '/api/links-to-open', link);
export const listInvitations = (query: URLSearchParams, signal: AbortSignal) =>
  call<Invitations>('GET', `/api/invitations?${query}`, undefined, signal);
export const managerTasksHref = inContract('/api/invitations/manager-tasks.csv');
export const listBatches = (signal: AbortSignal) => call<{ rows: BatchRow[] }>('GET', '/api/invitation-batches', undefined, signal);
export const createBatch = (batch: NewBatch) => call<{ id: string }>('POST', '/api/invitation-batches', batch);
export const getBatch = (id: string, signal: AbortSignal) => call<Batch>('GET', `/api/invitation-batches/${of(id)}`, undefined, signal);
export const batchPeopleHref = (id: string) => inContract(`/api/invitation-batches/${of(id)}/people.csv`);
export const tickBatchStep = (id: string, step: number, done: boolean) =>
  call<Batch>('PUT', `/api/invitation-batches/${of(id)}/steps/${step}`, { done });
export const discardBatch = (id: string) => call<Batch>('POST', `/api/invitation-batches/${of(id)}/discard`);
export const listCrmInvitations = (signal: AbortSignal) => call<CrmInvitations>('GET', '/api/crm-invitations', undefined, signal);
export const sayReinvited = (crmName: string, crmUserIds: readonly string[]) =>
  call<CrmInvitations>('POST', '/api/crm-invitations/reinvited', { crmName, crmUserIds });

export const remindInvited = (ids: readonly string[]) => call<Reminded>('POST', '/api/invitations/remind', { ids });
export const postInvited = (ids: readonly string[]) => call<Reminded>('POST', '/api/invitations/post', { ids });
export const muteInvitation = (id: string, muted: boolean) => call<void>('PATCH', `/api/invitations/${of(id)}`, { muted });
export const previewInvitation = (kind: 'reminder' | 'post', ids: readonly string[], signal: AbortSignal) =>
  call<MessagePreview>(
    'GET',
    `/api/invitations/preview?${new URLSearchParams([['kind', kind], ...ids.slice(0, 50).map((id): [string, string] => ['ids', id])])}`,
    undefined,
    signal,
  );
export const listFirstInvitations = (query: URLSearchParams, signal: AbortSignal) =>
  call<FirstInvitations>('GET', `/api/first-invitations?${query}`, undefined, signal);
export const lookAtMailing = (message: NewMailing, signal: AbortSignal) =>
  call<LookedAtMailing>('POST', '/api/mailings/look', message, signal);
export const sendMailing = (message: NewMailing) => call<Mailing>('POST', '/api/mailings', message);
export const listMailings = (signal: AbortSignal) => call<{ rows: Mailing[] }>('GET', '/api/mailings', undefined, signal);
export const getMailing = (id: string, signal: AbortSignal) => call<Mailing>('GET', `/api/mailings/${of(id)}`, undefined, signal);
export const stopMailing = (id: string) => call<Mailing>('POST', `/api/mailings/${of(id)}/stop`);
export const goOnFirst = (keys: readonly string[], reason: string | null) =>
  call<void>('POST', '/api/first-invitations/go-on', { keys, reason });
export const answerFirst = (crmUserId: string, answer: 'added' | 'no-account' | 'wrong-person') =>
  call<void>('POST', '/api/first-invitations/answer', { crmUserId, answer });
export const getChatWebhook = (signal: AbortSignal) => call<ChatWebhook>('GET', '/api/chat-webhook', undefined, signal);
export const setChatWebhook = (webhook: NewWebhook) => call<ChatWebhook>('PUT', '/api/chat-webhook', webhook);
export const deleteChatWebhook = () => call<void>('DELETE', '/api/chat-webhook');
export const testChatWebhook = () => call<{ id: string }>('POST', '/api/chat-webhook/test');

export const createLink = (link: NewLink) => call<{ id: string }>('POST', '/api/links', link);
export const listCrmUsers = (search: string, signal: AbortSignal) =>
  call<CrmUsers>('GET', `/api/crm-users?search=${of(search)}`, undefined, signal);
export const deleteLink = (id: string) => call<void>('DELETE', `/api/links/${of(id)}`);
export const listDecisions = (signal: AbortSignal) => call<Decisions>('GET', '/api/decisions', undefined, signal);
export const createIdentityAnswer = (answer: NewIdentityAnswer) => call<{ id: string }>('POST', '/api/identity-answers', answer);
export const deleteIdentityAnswer = (id: string) => call<void>('DELETE', `/api/identity-answers/${of(id)}`);
export const listDomainChanges = (signal: AbortSignal) => call<DomainChanges>('GET', '/api/domain-changes', undefined, signal);
export const startDomainChange = (change: NewDomainChange) => call<{ id: string }>('POST', '/api/domain-changes', change);
export const endDomainChange = (id: string) => call<void>('DELETE', `/api/domain-changes/${of(id)}`);
export const domainReportHref = (id: string) => inContract(`/api/domain-changes/${of(id)}/report`);
export const answerProfile = (answer: ProfileAnswer) => call<void>('POST', '/api/profile-answers', answer);
export const supportPacketHref = (key: string) => inContract(`/api/people/${of(key)}/support-packet`);
export const sayOwnSubscription = (said: OwnSubscription) => call<void>('PUT', '/api/own-subscriptions', said);
export const createException = (exception: NewException) => call<{ id: string }>('POST', '/api/exceptions', exception);
export const deleteException = (id: string) => call<void>('DELETE', `/api/exceptions/${of(id)}`);
export const createObservedAnswer = (answer: NewObservedAnswer) => call<{ id: string }>('POST', '/api/observed-answers', answer);

export const listSchedules = (signal: AbortSignal) => call<Schedules>('GET', '/api/schedules', undefined, signal);
export const previewSchedule = (cron: string, timeZone: string, signal: AbortSignal) =>
  call<SchedulePreview>('GET', `/api/schedules/preview?${new URLSearchParams({ cron, timeZone })}`, undefined, signal);
export const createSchedule = (schedule: NewSchedule) => call<Schedule>('POST', '/api/schedules', schedule);
export const changeSchedule = (id: string, change: ScheduleChange) => call<Schedule>('PUT', `/api/schedules/${of(id)}`, change);
export const deleteSchedule = (id: string) => call<void>('DELETE', `/api/schedules/${of(id)}`);
export const runSchedule = (id: string) => call<Schedule>('POST', `/api/schedules/${of(id)}/run`);
export const listConnections = (signal: AbortSignal) => call<Connections>('GET', '/api/connections', undefined, signal);
export const createConnection = (connection: NewConnection) => call<Connection>('POST', '/api/connections', connection);
/** @param id of the stored connection that the settings are to change */
export const testConnection = (connection: NewConnection, id: string | null) =>
  call<ConnectionChecked>('POST', '/api/connections/test', id === null ? connection : { ...connection, id });
/** @returns where the admin agrees */
export const signInConnection = (connection: NewConnection, id: string | null) =>
  call<{ url: string }>('POST', '/api/connections/sign-in', id === null ? connection : { ...connection, id });
export const finishConnection = (query: string) => call<Connection>('POST', '/api/connections/sign-in/finish', { query });
export const changeConnection = (id: string, change: ConnectionChange) => call<Connection>('PATCH', `/api/connections/${of(id)}`, change);
export const deleteConnection = (id: string) => call<{ sentence: string | null }>('DELETE', `/api/connections/${of(id)}`);
export const checkConnection = (id: string) => call<Connection>('POST', `/api/connections/${of(id)}/check`);
export const getPanelHosts = (signal: AbortSignal) => call<PanelHosts>('GET', '/api/panel-hosts', undefined, signal);
export const getFeeds = (signal: AbortSignal) => call<Feeds>('GET', '/api/feeds', undefined, signal);
export const createFeedToken = (token: NewFeedToken) => call<FeedTokenGiven>('POST', '/api/feeds', token);
export const revokeFeedToken = (id: string) => call<void>('DELETE', `/api/feeds/${of(id)}`);
export const givePanelAccess = (orgId: string) => call<PanelAccessGiven>('POST', '/api/panel-hosts/salesforce', { orgId });
export const takePanelAccessBack = (id: string) => call<void>('DELETE', `/api/panel-hosts/salesforce/${of(id)}`);
export const checkPerson = (key: string) => call<PersonCheck>('POST', `/api/people/${of(key)}/check`);
export const createPlan = (choice: { rootCause: string } | { licenseIds: readonly string[]; mode: Plan['mode'] }) =>
  call<{ id: string }>('POST', '/api/plans', choice);
export const planHandOver = (leaver: string, successor: string) =>
  call<{ id: string }>('POST', '/api/plans', { handOver: { leaver, successor } });
/** @param licenseIds null: everybody who is inactive in the CRM */
export const planReclaim = (licenseIds: readonly string[] | null) =>
  call<{ id: string }>('POST', '/api/plans', { reclaim: licenseIds ?? 'leavers' });
export const getLicenses = (signal: AbortSignal) => call<Licenses>('GET', '/api/licenses', undefined, signal);
export const listLicenseHolders = (query: URLSearchParams, signal: AbortSignal) =>
  call<{ rows: LicenseHolderRow[]; total: number; next: string | null }>('GET', `/api/licenses/people?${query}`, undefined, signal);
export const licenseHoldersHref = (query: URLSearchParams) => inContract(`/api/licenses/people.csv?${query}`);
const withoutThem = (leaveOut: readonly string[]) => new URLSearchParams(leaveOut.map((key) => ['leaveOut', key]));
export const getNewUsers = (leaveOut: readonly string[], signal: AbortSignal) =>
  call<NewUserFiles>('GET', `/api/licenses/new-users?${withoutThem(leaveOut)}`, undefined, signal);
export const newUsersFileHref = (name: string, leaveOut: readonly string[]) =>
  inContract(`/api/licenses/new-users/${of(name)}?${withoutThem(leaveOut)}`);
export const getGroups = (signal: AbortSignal) => call<Groups>('GET', '/api/groups', undefined, signal);
export const listSuccessors = (search: string, signal: AbortSignal) =>
  call<{ rows: { licenseId: string; email: string; uniqueUserId: string }[] }>(
    'GET',
    `/api/successors?search=${of(search)}`,
    undefined,
    signal,
  );
export const listPlans = (cursor: string | null, signal: AbortSignal) =>
  call<{ rows: PlanRow[]; next: string | null }>('GET', `/api/plans${cursor ? `?cursor=${of(cursor)}` : ''}`, undefined, signal);
export const getPlan = (id: string, signal: AbortSignal) => call<Plan>('GET', `/api/plans/${of(id)}`, undefined, signal);
export const changePlan = (id: string, change: PlanChange) => call<Plan>('PUT', `/api/plans/${of(id)}`, change);
export const listPlanPeople = (id: string, cursor: string | null, signal: AbortSignal) =>
  call<{ rows: PlanPerson[]; total: number; next: string | null }>(
    'GET',
    `/api/plans/${of(id)}/people?limit=200${cursor ? `&cursor=${of(cursor)}` : ''}`,
    undefined,
    signal,
  );
export const approvePlan = (id: string, seal: string, override?: PlanApproval['override']) =>
  call<Plan>('POST', `/api/plans/${of(id)}/approve`, override ? { seal, override } : { seal });
export const cancelPlan = (id: string) => call<{ sentence: string | null }>('POST', `/api/plans/${of(id)}/cancel`);
export const pausePlan = (id: string) => call<void>('POST', `/api/plans/${of(id)}/pause`);
export const resumePlan = (id: string) => call<void>('POST', `/api/plans/${of(id)}/resume`);
export const planListHref = (id: string, name: string) => inContract(`/api/plans/${of(id)}/lists/${of(name)}`);

export const getJob = (id: string, signal: AbortSignal) => call<Job>('GET', `/api/plans/${of(id)}/job`, undefined, signal);
export const makeFile = (id: string) => call<Job>('POST', `/api/plans/${of(id)}/files`);
const planFile = (id: string, name: string) => `/api/plans/${of(id)}/files/${of(name)}`;
export const planFileHref = (id: string, name: string) => inContract(planFile(id, name));
export const sayOfFile = (id: string, name: string, said: 'uploaded' | 'discarded') =>
  call<Job>('POST', `${planFile(id, name)}/said`, { said });
export const undoFile = (id: string, name: string) => call<{ id: string }>('POST', `${planFile(id, name)}/undo`);
export const giveBack = (id: string) => call<Job>('POST', `/api/plans/${of(id)}/give-back`);
/** @param plannedFor ISO 8601; null begins it now */
export const planSitting = (id: string, plannedFor: string | null) => call<Job>('POST', `/api/plans/${of(id)}/sitting`, { plannedFor });
export const makeHandOverLink = (id: string) =>
  call<{ href: string; until: string; sentence: string }>('POST', `/api/plans/${of(id)}/hand-over-link`);
export const listRematches = (query: URLSearchParams, signal: AbortSignal) =>
  call<{ rows: Rematch[]; next: string | null }>('GET', `/api/rematches?${query}`, undefined, signal);
export const getRematch = (id: string, signal: AbortSignal) => call<RematchDetail>('GET', `/api/rematches/${of(id)}`, undefined, signal);
export const cancelRematch = (id: string) => call<{ sentence: string | null }>('POST', `/api/rematches/${of(id)}/cancel`);
export const pauseRematch = (id: string) => call<void>('POST', `/api/rematches/${of(id)}/pause`);
export const resumeRematch = (id: string) => call<void>('POST', `/api/rematches/${of(id)}/resume`);
export const answerRematch = (id: string, answer: NonNullable<NonNullable<Rematch['question']>['answer']>, reason: string) =>
  call<void>('POST', `/api/rematches/${of(id)}/answer`, { answer, reason });
export const observeRematch = (id: string, verdict: 'matched' | 'not-matched', on: string) =>
  call<void>('POST', `/api/rematches/${of(id)}/observed`, { verdict, on });
export function bringProof(id: string, file: File, adminCenterCount: number | null): Promise<ProofOutcome> {
  return call('POST', `/api/plans/${of(id)}/proofs?${proofQuery(file, adminCenterCount)}`, file);
}
/** To whichever plans the file belongs to. */
export function bringProofAnywhere(file: File, adminCenterCount: number | null): Promise<{ rows: ProofOutcome[] }> {
  return call('POST', `/api/proofs?${proofQuery(file, adminCenterCount)}`, file);
}

function proofQuery(file: File, adminCenterCount: number | null): URLSearchParams {
  const query = new URLSearchParams({ name: file.name, modifiedAt: new Date(file.lastModified).toISOString() });
  if (adminCenterCount !== null) query.set('adminCenterCount', `${adminCenterCount}`);
  return query;
}
export const listJobs = (signal: AbortSignal) => call<{ rows: Job[] }>('GET', '/api/jobs', undefined, signal);

const center = '/api/demo/admin-center';
export const getDemoCenter = (signal: AbortSignal) => call<DemoCenter>('GET', center, undefined, signal);
export const listDemoPeople = (search: string, signal: AbortSignal) =>
  call<{ rows: DemoPerson[] }>('GET', `${center}/people?${new URLSearchParams({ search })}`, undefined, signal);
export const changeDemoPerson = (id: string, change: DemoPersonChange) => call<DemoCenter>('POST', `${center}/people/${of(id)}`, change);
export const acceptDemoInvitation = (id: string, wrongProfile: boolean) =>
  call<DemoCenter>('POST', `${center}/people/${of(id)}/accept`, { wrongProfile });
/** @param ids null: everybody who is invited */
export const resendDemoInvitations = (ids: readonly string[] | null) =>
  call<DemoCenter>('POST', `${center}/resend`, ids === null ? {} : { ids });
export const uploadToDemo = (file: File) => call<DemoUpload>('POST', `${center}/uploads?${new URLSearchParams({ name: file.name })}`, file);
export const demoResultHref = (number: number) => inContract(`${center}/uploads/${number}/result`);
export const demoExportHref = (license: 'all' | DemoPerson['license']) => inContract(`${center}/export?license=${license}`);
export const passDemoTime = (hours: number) => call<DemoCenter>('POST', `${center}/time`, { hours });
export const setDemoCrmJob = (runs: boolean) => call<DemoCenter>('POST', `${center}/crm-job`, { runs });
export const compareDemo = () => call<{ id: string }>('POST', `${center}/compare`);

/** A file of the server as if it had been downloaded and dropped. */
export async function fetchFile(href: string): Promise<File> {
  const response = await fetch(href);
  if (!response.ok) throw await problemOf(response, href);
  const name = /filename="?([^";]+)"?/u.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'file.csv';
  return new File([await response.blob()], name, { type: 'text/csv', lastModified: Date.now() });
}
