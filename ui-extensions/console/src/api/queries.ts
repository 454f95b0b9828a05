import { queryOptions } from '@tanstack/react-query';
import type { NewMailing } from '../../../../server/api.ts';
import {
  getAlerts,
  getBatch,
  getChatWebhook,
  getDemoCenter,
  getDirectory,
  getFeeds,
  getGroups,
  getJob,
  getLicenses,
  getMail,
  getMailing,
  getMismatchReport,
  getNewUsers,
  getOverview,
  getPanelHosts,
  getPerson,
  getPersonUsage,
  getPlan,
  getReconciliation,
  getRematch,
  getSession,
  getSettings,
  getUpload,
  getUsage,
  listAlarms,
  listAlertMails,
  listBatches,
  listConnections,
  listContracts,
  listCrmInvitations,
  listCrmUsers,
  listDecisions,
  listDemoPeople,
  listDomainChanges,
  listFiles,
  listFirstInvitations,
  listInvitations,
  listJobs,
  listLicenseHolders,
  listMailings,
  listMails,
  listMessages,
  listMismatch,
  listPeople,
  listPlanPeople,
  listPlans,
  listReconciliations,
  listRematches,
  listReportChanges,
  listReportedRepairs,
  listSchedules,
  listSuccessors,
  listUsage,
  listUsageReports,
  lookAtMailing,
  previewInvitation,
  previewSchedule,
  readFile,
} from './client.ts';

/** What each page reads. The first part of a key is what a server event makes stale. */
export const queries = {
  session: queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal), staleTime: Number.POSITIVE_INFINITY }),
  contracts: queryOptions({ queryKey: ['contracts'], queryFn: ({ signal }) => listContracts(signal) }),
  overview: queryOptions({ queryKey: ['overview'], queryFn: ({ signal }) => getOverview(signal) }),
  people: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['people', query.toString()],
      queryFn: ({ signal }) => listPeople(query, signal),
      placeholderData: (before) => before,
    }),
  person: (key: string) => queryOptions({ queryKey: ['person', key], queryFn: ({ signal }) => getPerson(key, signal) }),
  upload: (id: string) => queryOptions({ queryKey: ['upload', id], queryFn: ({ signal }) => getUpload(id, signal) }),
  runs: (cursor: string | null) =>
    queryOptions({
      queryKey: ['runs', cursor],
      queryFn: ({ signal }) => listReconciliations(cursor, signal),
      placeholderData: (before) => before,
    }),
  run: (id: string) =>
    queryOptions({
      queryKey: ['run', id],
      queryFn: ({ signal }) => getReconciliation(id, signal),
      // Server events say when to look again; asking is for the case that one was lost.
      refetchInterval: ({ state }) => (state.data && ['queued', 'running'].includes(state.data.state) ? 1000 : false),
    }),
  domainChanges: queryOptions({ queryKey: ['domain-changes'], queryFn: ({ signal }) => listDomainChanges(signal) }),
  decisions: queryOptions({ queryKey: ['decisions'], queryFn: ({ signal }) => listDecisions(signal) }),
  directory: queryOptions({ queryKey: ['directory'], queryFn: ({ signal }) => getDirectory(signal) }),
  files: (id: string) => queryOptions({ queryKey: ['files', id], queryFn: ({ signal }) => listFiles(id, signal) }),
  file: (id: string, name: string) =>
    queryOptions({
      queryKey: ['file', id, name],
      queryFn: ({ signal }) => readFile(id, name, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  // Events say when one begins or ends; asking is for the case that one was lost.
  alarms: queryOptions({ queryKey: ['alarms'], queryFn: ({ signal }) => listAlarms(signal), refetchInterval: 30_000 }),
  alerts: queryOptions({ queryKey: ['alerts'], queryFn: ({ signal }) => getAlerts(signal) }),
  alertMails: (cursor: string | null) =>
    queryOptions({
      queryKey: ['mails', 'alerts', cursor],
      queryFn: ({ signal }) => listAlertMails(cursor, signal),
      placeholderData: (before) => before,
    }),
  mails: (cursor: string | null) =>
    queryOptions({ queryKey: ['mails', cursor], queryFn: ({ signal }) => listMails(cursor, signal), placeholderData: (before) => before }),
  messages: queryOptions({ queryKey: ['messages'], queryFn: ({ signal }) => listMessages(signal), staleTime: Number.POSITIVE_INFINITY }),
  mail: (id: string) => queryOptions({ queryKey: ['mail', id], queryFn: ({ signal }) => getMail(id, signal) }),
  connections: queryOptions({ queryKey: ['connections'], queryFn: ({ signal }) => listConnections(signal) }),
  panelHosts: queryOptions({ queryKey: ['panel-hosts'], queryFn: ({ signal }) => getPanelHosts(signal) }),
  schedules: queryOptions({ queryKey: ['schedules'], queryFn: ({ signal }) => listSchedules(signal) }),
  schedulePreview: (cron: string, timeZone: string) =>
    queryOptions({
      queryKey: ['schedule-preview', cron, timeZone],
      queryFn: ({ signal }) => previewSchedule(cron, timeZone, signal),
      retry: false,
    }),
  invitations: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['invitations', query.toString()],
      queryFn: ({ signal }) => listInvitations(query, signal),
      placeholderData: (before) => before,
    }),
  batches: queryOptions({ queryKey: ['invitations', 'batches'], queryFn: ({ signal }) => listBatches(signal) }),
  batch: (id: string) => queryOptions({ queryKey: ['invitation-batch', id], queryFn: ({ signal }) => getBatch(id, signal) }),
  firstInvitations: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['invitations', 'first', query.toString()],
      queryFn: ({ signal }) => listFirstInvitations(query, signal),
      placeholderData: (before) => before,
    }),
  invitationPreview: (kind: 'reminder' | 'post', ids: readonly string[]) =>
    queryOptions({
      queryKey: ['invitations', 'preview', kind, ids],
      queryFn: ({ signal }) => previewInvitation(kind, ids, signal),
    }),
  lookAtMailing: (message: NewMailing) =>
    queryOptions({
      queryKey: ['mailings', 'look', message],
      queryFn: ({ signal }) => lookAtMailing(message, signal),
      placeholderData: (before) => before,
    }),
  mailings: queryOptions({ queryKey: ['mailings'], queryFn: ({ signal }) => listMailings(signal) }),
  mailing: (id: string) => queryOptions({ queryKey: ['mailings', id], queryFn: ({ signal }) => getMailing(id, signal) }),
  chatWebhook: queryOptions({ queryKey: ['chat-webhook'], queryFn: ({ signal }) => getChatWebhook(signal) }),
  crmInvitations: queryOptions({ queryKey: ['crm-invitations'], queryFn: ({ signal }) => listCrmInvitations(signal) }),
  plans: (cursor: string | null) =>
    queryOptions({ queryKey: ['plans', cursor], queryFn: ({ signal }) => listPlans(cursor, signal), placeholderData: (before) => before }),
  plan: (id: string) => queryOptions({ queryKey: ['plan', id], queryFn: ({ signal }) => getPlan(id, signal) }),
  successors: (search: string) =>
    queryOptions({
      queryKey: ['people', 'successors', search],
      queryFn: ({ signal }) => listSuccessors(search, signal),
      placeholderData: (before) => before,
    }),
  crmUsers: (search: string) =>
    queryOptions({
      queryKey: ['people', 'crm-users', search],
      queryFn: ({ signal }) => listCrmUsers(search, signal),
      placeholderData: (before) => before,
    }),
  planPeople: (id: string, cursor: string | null) =>
    queryOptions({
      queryKey: ['plan', id, 'people', cursor],
      queryFn: ({ signal }) => listPlanPeople(id, cursor, signal),
      placeholderData: (before) => before,
    }),
  job: (id: string) => queryOptions({ queryKey: ['jobs', id], queryFn: ({ signal }) => getJob(id, signal) }),
  rematches: (of: { planId: string } | { key: string }) =>
    queryOptions({
      queryKey: ['rematches', of],
      queryFn: ({ signal }) => listRematches(new URLSearchParams({ ...of, limit: '200' }), signal),
    }),
  rematch: (id: string) => queryOptions({ queryKey: ['rematch', id], queryFn: ({ signal }) => getRematch(id, signal) }),
  jobs: queryOptions({ queryKey: ['jobs', 'all'], queryFn: ({ signal }) => listJobs(signal) }),
  demoCenter: queryOptions({ queryKey: ['demo', 'center'], queryFn: ({ signal }) => getDemoCenter(signal), refetchInterval: 30_000 }),
  demoPeople: (search: string) =>
    queryOptions({
      queryKey: ['demo', 'people', search],
      queryFn: ({ signal }) => listDemoPeople(search, signal),
      placeholderData: (before) => before,
    }),
  licenses: queryOptions({ queryKey: ['licenses'], queryFn: ({ signal }) => getLicenses(signal) }),
  licenseHolders: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['licenses', 'people', query.toString()],
      queryFn: ({ signal }) => listLicenseHolders(query, signal),
      placeholderData: (before) => before,
    }),
  newUsers: (leaveOut: readonly string[]) =>
    queryOptions({
      // Who may be added depends on what people answered: both are of invitations.
      queryKey: ['invitations', 'new-users', leaveOut],
      queryFn: ({ signal }) => getNewUsers(leaveOut, signal),
      placeholderData: (before) => before,
    }),
  feeds: queryOptions({ queryKey: ['feeds'], queryFn: ({ signal }) => getFeeds(signal) }),
  report: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['report', query.toString()],
      queryFn: ({ signal }) => getMismatchReport(query, signal),
      placeholderData: (before) => before,
    }),
  reportPeople: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['report', 'people', query.toString()],
      queryFn: ({ signal }) => listMismatch(query, signal),
      placeholderData: (before) => before,
    }),
  reportChanges: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['report', 'changes', query.toString()],
      queryFn: ({ signal }) => listReportChanges(query, signal),
      placeholderData: (before) => before,
    }),
  reportedRepairs: (query: URLSearchParams) =>
    queryOptions({ queryKey: ['report', 'repairs', query.toString()], queryFn: ({ signal }) => listReportedRepairs(query, signal) }),
  usage: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['usage', query.toString()],
      queryFn: ({ signal }) => getUsage(query, signal),
      placeholderData: (before) => before,
    }),
  usagePeople: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['usage', 'people', query.toString()],
      queryFn: ({ signal }) => listUsage(query, signal),
      placeholderData: (before) => before,
    }),
  usageReports: queryOptions({ queryKey: ['usage', 'reports'], queryFn: ({ signal }) => listUsageReports(signal) }),
  personUsage: (key: string) => queryOptions({ queryKey: ['usage', 'person', key], queryFn: ({ signal }) => getPersonUsage(key, signal) }),
  groups: queryOptions({ queryKey: ['licenses', 'groups'], queryFn: ({ signal }) => getGroups(signal) }),
  settings: queryOptions({ queryKey: ['settings'], queryFn: ({ signal }) => getSettings(signal) }),
};
