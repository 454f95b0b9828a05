import { Text } from '@mantine/core';
import { IconArrowBackUp, IconCircleCheck, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Overview } from '../../../../../server/api.ts';
import { peopleHref } from '../../components/people-href.ts';
import { Section } from '../../components/section.tsx';
import { formatDateTime, formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

export function SinceLastRun({ overview }: { overview: Overview }) {
  const { changes } = overview;
  const lines = changes
    ? ([
        { change: 'repaired', count: changes.repaired, icon: IconCircleCheck, tone: 'teal', label: text.overview.repaired },
        { change: 'new', count: changes.new, icon: IconPlus, tone: 'red', label: text.overview.newOnes },
        { change: 'came-back', count: changes.cameBack, icon: IconArrowBackUp, tone: 'yellow', label: text.overview.cameBack },
      ] as const)
    : [];
  return (
    <Section
      title={text.overview.since}
      lead={changes?.before ? text.overview.sinceLead(formatDateTime(changes.before.at)) : undefined}
      flush={Boolean(changes?.before)}
    >
      {!changes?.before && <Text c="dimmed">{text.overview.firstRun}</Text>}
      {changes?.before && (
        <ul className="plain-list divided">
          {lines.map(({ change, count, icon: Icon, tone, label }) => (
            <li key={change}>
              <Link to={peopleHref({ change })} className="to-do" data-tone={tone}>
                <Icon size={18} aria-hidden className="tone" />
                <Text size="sm" span flex={1}>
                  {label}
                </Text>
                <span className="to-do-count number">{formatNumber(count)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
