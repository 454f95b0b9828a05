import {
  IconBell,
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
  IconReportAnalytics,
  IconSettings,
  IconSitemap,
  IconTool,
  IconUsers,
  IconWorldWww,
} from '@tabler/icons-react';
import { text } from '../text.ts';

export interface NavigationEntry {
  readonly to: string;
  readonly label: string;
  readonly icon: typeof IconUsers;
  /** Opens the page after `g`; each stands once. */
  readonly key?: string;
}

/** The pages in the order of a visit: look, repair, and what is set up once. */
export const navigationGroups: readonly { readonly label: string; readonly entries: readonly NavigationEntry[] }[] = [
  {
    label: text.nav.groups.watch,
    entries: [
      { to: '/', label: text.nav.overview, icon: IconLayoutDashboard, key: 'o' },
      { to: '/people', label: text.nav.people, icon: IconUsers, key: 'p' },
      { to: '/root-causes', label: text.nav.rootCauses, icon: IconSitemap, key: 'c' },
      { to: '/report', label: text.nav.report, icon: IconReportAnalytics, key: 'k' },
      { to: '/usage', label: text.nav.usage, icon: IconChartBar, key: 'u' },
      { to: '/runs', label: text.nav.runs, icon: IconHistory, key: 'r' },
    ],
  },
  {
    label: text.nav.groups.act,
    entries: [
      { to: '/plans', label: text.nav.plans, icon: IconTool, key: 'e' },
      { to: '/invitations', label: text.nav.invitations, icon: IconMailOpened, key: 'i' },
      { to: '/licenses', label: text.nav.licenses, icon: IconId, key: 'l' },
      { to: '/decisions', label: text.nav.decisions, icon: IconChecklist, key: 'd' },
      { to: '/domain-changes', label: text.nav.domainChanges, icon: IconWorldWww, key: 'm' },
    ],
  },
  {
    label: text.nav.groups.setUp,
    entries: [
      { to: '/compare', label: text.nav.compare, icon: IconFileUpload, key: 'f' },
      { to: '/connections', label: text.nav.connections, icon: IconPlugConnected, key: 'n' },
      { to: '/schedule', label: text.nav.schedule, icon: IconCalendarTime, key: 's' },
      { to: '/alerts', label: text.nav.alerts, icon: IconBell, key: 'a' },
      { to: '/outbox', label: text.nav.outbox, icon: IconMail, key: 'b' },
      { to: '/settings', label: text.nav.settings, icon: IconSettings, key: 't' },
    ],
  },
];

export const otherSide: NavigationEntry = { to: '/act-as-linkedin', label: text.nav.otherSide, icon: IconMasksTheater };
