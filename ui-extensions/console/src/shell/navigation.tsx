import './navigation.css';

import { NavLink } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Link, useLocation } from 'react-router';
import { queries } from '../api/queries.ts';
import { formatNumber } from '../components/time.tsx';
import { text } from '../text.ts';
import { type NavigationEntry, navigationGroups, otherSide } from './navigation-groups.ts';

/** Whether the people shown are the demo's: only they have an Admin Center to play. */
export function useIsDemo(): boolean {
  return useQuery({ ...queries.overview, enabled: false }).data?.banners.some(({ kind }) => kind === 'demo') ?? false;
}

/** How many tasks wait on a page, by its address. People are no tasks: their number stands on the overview. */
function useWaiting(): ReadonlyMap<string, number> {
  const overview = useQuery({ ...queries.overview, enabled: false }).data;
  const plans = useQuery({ ...queries.plans(null), enabled: overview !== undefined }).data;
  const waiting = new Map<string, number>();
  const add = (href: string, count: number) => {
    const page = `/${href.split(/[/?]/u)[1] ?? ''}`;
    if (page !== '/people') waiting.set(page, (waiting.get(page) ?? 0) + count);
  };
  for (const { href, count } of overview?.toDo ?? []) add(href, count);
  for (const { state, nextTask } of plans?.rows ?? []) if (nextTask && state !== 'done') add('/plans', 1);
  return waiting;
}

export function Navigation({ onGo }: { onGo: () => void }) {
  const isDemo = useIsDemo();
  const waiting = useWaiting();
  return (
    <>
      <nav aria-label={text.nav.label}>
        {navigationGroups.map(({ label, entries }) => (
          <NavigationGroup key={label} label={label} entries={entries} waiting={waiting} onGo={onGo} />
        ))}
      </nav>
      {isDemo && (
        <nav aria-label={text.nav.otherSideLabel} className="other-side-nav">
          <NavigationGroup label={text.nav.otherSideLabel} entries={[otherSide]} waiting={waiting} onGo={onGo} />
        </nav>
      )}
    </>
  );
}

function NavigationGroup({
  label,
  entries,
  waiting,
  onGo,
}: {
  label: string;
  entries: readonly NavigationEntry[];
  waiting: ReadonlyMap<string, number>;
  onGo: () => void;
}) {
  const id = useId();
  return (
    <div className="nav-group">
      <span className="nav-heading" id={id}>
        {label}
      </span>
      <ul className="plain-list" aria-labelledby={id}>
        {entries.map((entry) => (
          <li key={entry.to}>
            <PageLink entry={entry} waiting={waiting.get(entry.to) ?? 0} onGo={onGo} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PageLink({ entry: { to, label, icon: Icon }, waiting, onGo }: { entry: NavigationEntry; waiting: number; onGo: () => void }) {
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
      rightSection={
        waiting > 0 && (
          <span className="nav-count number">
            <span className="visually-hidden">{text.nav.waiting(waiting)}</span>
            <span aria-hidden>{formatNumber(waiting)}</span>
          </span>
        )
      }
      onClick={onGo}
      className="nav-link"
    />
  );
}
