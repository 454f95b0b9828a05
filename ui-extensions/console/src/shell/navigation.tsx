import { NavLink } from '@mantine/core';
import { IconFileUpload, IconHistory, IconLayoutDashboard, IconSettings, IconSitemap, IconUsers } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { text } from '../text.ts';

const pages = [
  { to: '/', label: text.nav.overview, icon: IconLayoutDashboard },
  { to: '/people', label: text.nav.people, icon: IconUsers },
  { to: '/root-causes', label: text.nav.rootCauses, icon: IconSitemap },
  { to: '/compare', label: text.nav.compare, icon: IconFileUpload },
  { to: '/runs', label: text.nav.runs, icon: IconHistory },
  { to: '/settings', label: text.nav.settings, icon: IconSettings },
];

export function Navigation({ onGo }: { onGo: () => void }) {
  const { pathname } = useLocation();
  return (
    <nav aria-label={text.nav.label}>
      {pages.map(({ to, label, icon: Icon }) => {
        const active = to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
        return (
          <NavLink
            key={to}
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
      })}
    </nav>
  );
}
