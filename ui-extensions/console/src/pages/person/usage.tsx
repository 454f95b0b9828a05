import '../usage/usage.css';

import { Anchor, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../../api/queries.ts';
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="scroll-x" tabIndex={0} aria-label={text.licenses.table(text.nav.usage)}>
        <Table fz="sm" className="usage-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{text.usage.metric}</Table.Th>
              {periods.map(({ from, to, label }) => (
                <Table.Th scope="col" key={`${from} ${to}`}>
                  {formatDay(to)}
                  <Text size="xs" c="dimmed">
                    {label}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.metrics.map(({ metric, label, meaning }) => (
              <Table.Tr key={metric}>
                <Table.Th scope="row" fw={400} title={meaning}>
                  {label}
                </Table.Th>
                {periods.map(({ from, to, values }) => (
                  <Table.Td key={`${from} ${to}`}>
                    <MetricValue metric={metric} value={values[metric]} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Section>
  );
}
