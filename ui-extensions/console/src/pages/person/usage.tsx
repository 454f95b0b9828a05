import '../usage/usage.css';

import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { formatDay } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { MetricValue } from '../usage/metric-value.tsx';

const mostPeriods = 3;

/** What usage reports say of this person; nothing where none has a row of theirs. */
export function PersonUsage({ personKey }: { personKey: string }) {
  const { data } = useQuery(queries.personUsage(personKey));
  if (!data || data.rows.length === 0) return null;
  const periods = data.rows.slice(0, mostPeriods);
  return (
    <Section
      title={text.nav.usage}
      lead={text.usage.personLead}
      action={
        <Anchor component={Link} to="/usage" size="sm">
          {text.usage.all}
        </Anchor>
      }
    >
      <DataTable
        caption={text.nav.usage}
        rows={data.metrics}
        rowKey={({ metric }) => metric}
        columns={[
          { heading: text.usage.metric, cell: ({ label, meaning }) => <span title={meaning}>{label}</span> },
          ...periods.map(({ to, label, values }) => ({
            heading: formatDay(to),
            hint: label,
            isNumber: true,
            cell: ({ metric }: (typeof data.metrics)[number]) => <MetricValue metric={metric} value={values[metric]} />,
          })),
        ]}
      />
    </Section>
  );
}
