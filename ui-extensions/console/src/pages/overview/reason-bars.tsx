import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Overview, Status } from '../../../../../server/api.ts';
import { peopleHref } from '../../components/people-href.ts';
import { Section } from '../../components/section.tsx';
import { lookOf } from '../../components/status-badge.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

const order: readonly Status[] = ['not-matched', 'matched', 'being-repaired', 'cannot-sync', 'no-license', 'excepted', 'not-checked'];

/** Counts by status and reason. Every bar is a link to its people, and its text alone says all that the bar shows. */
export function ReasonBars({ overview }: { overview: Overview }) {
  const [all, setAll] = useState(false);
  const groups = order
    .map((status) => ({
      status,
      reasons: overview.byReason.filter((entry) => entry.status === status && entry.count > 0).sort((a, b) => b.count - a.count),
    }))
    .filter(({ reasons }) => reasons.length > 0);
  const shown = all ? groups : groups.slice(0, 2);
  return (
    <Section title={text.overview.reasons} lead={text.overview.reasonsLead}>
      {groups.length === 0 && <Text c="dimmed">{text.overview.noReasons}</Text>}
      {shown.map(({ status, reasons }) => (
        <div key={status} className="bar-group">
          <h3>
            <Link to={peopleHref({ status: [status] })}>{text.statuses[status]}</Link>
            <span className="number">{formatNumber(reasons.reduce((sum, entry) => sum + entry.count, 0))}</span>
          </h3>
          <ul className="plain-list">
            {reasons.map((entry) => (
              <li key={entry.reason}>
                <Link
                  to={peopleHref({ status: [status], reason: [entry.reason] })}
                  className="bar"
                  data-tone={lookOf(status, entry.reason).color}
                >
                  <span className="bar-label">{entry.label}</span>
                  <span className="bar-track" aria-hidden>
                    <span className="bar-fill" style={{ width: `${(100 * entry.count) / (reasons[0]?.count ?? 1)}%` }} />
                  </span>
                  <span className="bar-count number">{formatNumber(entry.count)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {groups.length > 2 && (
        <Button variant="subtle" size="compact-sm" mt="sm" ml={-8} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? text.overview.fewerReasons : text.overview.allReasons(groups.length - 2)}
        </Button>
      )}
    </Section>
  );
}
