import type { ComponentType } from 'react';

/**
 * Every page by its address, each a chunk of its own that is fetched when it is first opened. A plain table, so that whoever has to see
 * every page (the router, the test that walks them all) reads the same one.
 */
export const pages: Readonly<Record<string, () => Promise<ComponentType>>> = {
  '/': async () => (await import('./pages/overview/overview-page.tsx')).OverviewPage,
  '/people': async () => (await import('./pages/people/people-page.tsx')).PeoplePage,
  '/people/:key': async () => (await import('./pages/person/person-page.tsx')).PersonPage,
  '/root-causes': async () => (await import('./pages/root-causes/root-causes-page.tsx')).RootCausesPage,
  '/domain-changes': async () => (await import('./pages/domain-changes/domain-changes-page.tsx')).DomainChangesPage,
  '/licenses': async () => (await import('./pages/licenses/licenses-page.tsx')).LicensesPage,
  '/licenses/people': async () => (await import('./pages/licenses/license-holders-page.tsx')).LicenseHoldersPage,
  '/report': async () => (await import('./pages/report/report-page.tsx')).ReportPage,
  '/usage': async () => (await import('./pages/usage/usage-page.tsx')).UsagePage,
  '/licenses/new': async () => (await import('./pages/licenses/new-users-page.tsx')).NewUsersPage,
  '/licenses/groups': async () => (await import('./pages/licenses/groups-page.tsx')).GroupsPage,
  '/decisions': async () => (await import('./pages/decisions/decisions-page.tsx')).DecisionsPage,
  '/compare': async () => (await import('./pages/compare/compare-page.tsx')).ComparePage,
  '/runs': async () => (await import('./pages/runs/runs-page.tsx')).RunsPage,
  '/runs/compare': async () => (await import('./pages/report/compare-runs-page.tsx')).CompareRunsPage,
  '/runs/:id': async () => (await import('./pages/runs/run-page.tsx')).RunPage,
  '/schedule': async () => (await import('./pages/schedule/schedule-page.tsx')).SchedulePage,
  '/connections': async () => (await import('./pages/connections/connections-page.tsx')).ConnectionsPage,
  '/connections/callback': async () => (await import('./pages/connections/callback-page.tsx')).CallbackPage,
  '/plans': async () => (await import('./pages/plans/plans-page.tsx')).PlansPage,
  '/plans/:id': async () => (await import('./pages/plans/plan-page.tsx')).PlanPage,
  '/plans/:id/job': async () => (await import('./pages/plans/job-page.tsx')).JobPage,
  '/invitations': async () => (await import('./pages/invitations/invitations-page.tsx')).InvitationsPage,
  '/invitations/batches/:id': async () => (await import('./pages/invitations/batch-page.tsx')).BatchPage,
  '/alerts': async () => (await import('./pages/alerts/alerts-page.tsx')).AlertsPage,
  '/outbox': async () => (await import('./pages/outbox/outbox-page.tsx')).OutboxPage,
  '/outbox/messages': async () => (await import('./pages/outbox/messages-page.tsx')).MessagesPage,
  '/outbox/:id': async () => (await import('./pages/outbox/mail-page.tsx')).MailPage,
  '/act-as-linkedin': async () => (await import('./pages/other-side/other-side-page.tsx')).OtherSidePage,
  '/settings': async () => (await import('./pages/settings/settings-page.tsx')).SettingsPage,
};
