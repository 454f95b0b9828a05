import { NavLink, Text } from '@mantine/core';
import {
  IconCalendarTime,
  IconChartBar,
  IconChecklist,
  IconFileUpload,
  IconHistory,
  IconId,
  IconLayoutDashboard,
  IconMail,
  IconMailOpened,
  IconMasksTheater,
  IconPlugConnected,
  IconSettings,
  IconSitemap,
  IconTool,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import { queries } from '../api/queries.ts';
import { text } from '../text.ts';

const pages = [
  { to: '/', label: text.nav.overview, icon: IconLayoutDashboard },
  { to: '/people', label: text.nav.people, icon: IconUsers },
  { to: '/licenses', label: text.nav.licenses, icon: IconId },
  { to: '/usage', label: text.nav.usage, icon: IconChartBar },
  { to: '/root-causes', label: text.nav.rootCauses, icon: IconSitemap },
  { to: '/decisions', label: text.nav.decisions, icon: IconChecklist },
  { to: '/compare', label: text.nav.compare, icon: IconFileUpload },
  { to: '/plans', label: text.nav.plans, icon: IconTool },
  { to: '/invitations', label: text.nav.invitations, icon: IconMailOpened },
  { to: '/runs', label: text.nav.runs, icon: IconHistory },
  { to: '/schedule', label: text.nav.schedule, icon: IconCalendarTime },
  { to: '/connections', label: text.nav.connections, icon: IconPlugConnected },
  { to: '/outbox', label: text.nav.outbox, icon: IconMail },
  { to: '/settings', label: text.nav.settings, icon: IconSettings },
];

const otherSide = { to: '/act-as-linkedin', label: text.nav.otherSide, icon: IconMasksTheater };

/** Whether the people shown are the demo's: only they have an Admin Center to play. */
export function useIsDemo(): boolean {
  return useQuery({ ...queries.overview, enabled: false }).data?.banners.some(({ kind }) => kind === 'demo') ?? false;
}

export function Navigation({ onGo }: { onGo: () => void }) {
  const isDemo = useIsDemo();
  return (
    <>
      <nav aria-label={text.nav.label}>
        {pages.map((page) => (
          <PageLink key={page.to} page={page} onGo={onGo} />
        ))}
      </nav>
      {isDemo && (
        <nav aria-label={text.nav.otherSideLabel} className="other-side-nav">
          <Text size="xs" c="dimmed" fw={600} px="sm" mb={4}>
            {text.nav.otherSideLabel}
          </Text>
          <PageLink page={otherSide} onGo={onGo} />
        </nav>
      )}
    </>
  );
}

function PageLink({ page: { to, label, icon: Icon }, onGo }: { page: (typeof pages)[number]; onGo: () => void }) {
  const { pathname } = useLocation();
  const active = to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
  return (
    <NavLink
      component={Link}
      to={to}
      label={label}
      active={active}
      {...(active ? { 'aria-current': 'page' as const } : {})}
      leftSection={<Icon size={18} stroke={1.75} aria-hidden />}
      onClick={onGo}
      className="nav-link"
    />
  );
}
