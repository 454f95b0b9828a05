import { Skeleton } from '@mantine/core';
import { createBrowserRouter } from 'react-router';
import { pagesBase } from './api/contract-address.ts';
import { Crash, NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

/** Each page is a chunk of its own, fetched when it is first opened. */
export const router = createBrowserRouter(
  [
    {
      path: '/',
      Component: Shell,
      ErrorBoundary: Crash,
      HydrateFallback: () => <Skeleton h={4} />,
      children: [
        {
          ErrorBoundary: Crash,
          children: [
            { index: true, lazy: async () => ({ Component: (await import('./pages/overview/overview-page.tsx')).OverviewPage }) },
            { path: 'people', lazy: async () => ({ Component: (await import('./pages/people/people-page.tsx')).PeoplePage }) },
            { path: 'people/:key', lazy: async () => ({ Component: (await import('./pages/person/person-page.tsx')).PersonPage }) },
            {
              path: 'root-causes',
              lazy: async () => ({ Component: (await import('./pages/root-causes/root-causes-page.tsx')).RootCausesPage }),
            },
            {
              path: 'domain-changes',
              lazy: async () => ({ Component: (await import('./pages/domain-changes/domain-changes-page.tsx')).DomainChangesPage }),
            },
            { path: 'licenses', lazy: async () => ({ Component: (await import('./pages/licenses/licenses-page.tsx')).LicensesPage }) },
            {
              path: 'licenses/people',
              lazy: async () => ({ Component: (await import('./pages/licenses/license-holders-page.tsx')).LicenseHoldersPage }),
            },
            {
              path: 'licenses/new',
              lazy: async () => ({ Component: (await import('./pages/licenses/new-users-page.tsx')).NewUsersPage }),
            },
            { path: 'usage', lazy: async () => ({ Component: (await import('./pages/usage/usage-page.tsx')).UsagePage }) },
            { path: 'licenses/groups', lazy: async () => ({ Component: (await import('./pages/licenses/groups-page.tsx')).GroupsPage }) },
            {
              path: 'decisions',
              lazy: async () => ({ Component: (await import('./pages/decisions/decisions-page.tsx')).DecisionsPage }),
            },
            { path: 'compare', lazy: async () => ({ Component: (await import('./pages/compare/compare-page.tsx')).ComparePage }) },
            { path: 'runs', lazy: async () => ({ Component: (await import('./pages/runs/runs-page.tsx')).RunsPage }) },
            { path: 'runs/:id', lazy: async () => ({ Component: (await import('./pages/runs/run-page.tsx')).RunPage }) },
            { path: 'schedule', lazy: async () => ({ Component: (await import('./pages/schedule/schedule-page.tsx')).SchedulePage }) },
            {
              path: 'connections',
              lazy: async () => ({ Component: (await import('./pages/connections/connections-page.tsx')).ConnectionsPage }),
            },
            {
              path: 'connections/callback',
              lazy: async () => ({ Component: (await import('./pages/connections/callback-page.tsx')).CallbackPage }),
            },
            { path: 'plans', lazy: async () => ({ Component: (await import('./pages/plans/plans-page.tsx')).PlansPage }) },
            { path: 'plans/:id', lazy: async () => ({ Component: (await import('./pages/plans/plan-page.tsx')).PlanPage }) },
            { path: 'plans/:id/job', lazy: async () => ({ Component: (await import('./pages/plans/job-page.tsx')).JobPage }) },
            {
              path: 'invitations',
              lazy: async () => ({ Component: (await import('./pages/invitations/invitations-page.tsx')).InvitationsPage }),
            },
            {
              path: 'invitations/batches/:id',
              lazy: async () => ({ Component: (await import('./pages/invitations/batch-page.tsx')).BatchPage }),
            },
            { path: 'outbox', lazy: async () => ({ Component: (await import('./pages/outbox/outbox-page.tsx')).OutboxPage }) },
            {
              path: 'outbox/messages',
              lazy: async () => ({ Component: (await import('./pages/outbox/messages-page.tsx')).MessagesPage }),
            },
            { path: 'outbox/:id', lazy: async () => ({ Component: (await import('./pages/outbox/mail-page.tsx')).MailPage }) },
            {
              path: 'act-as-linkedin',
              lazy: async () => ({ Component: (await import('./pages/other-side/other-side-page.tsx')).OtherSidePage }),
            },
            { path: 'settings', lazy: async () => ({ Component: (await import('./pages/settings/settings-page.tsx')).SettingsPage }) },
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ],
  { basename: pagesBase },
);
