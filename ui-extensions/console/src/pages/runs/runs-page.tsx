import './runs.css';

import { Badge, Button, Stack, Table, Text } from '@mantine/core';
import { IconFileUpload, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { ReconciliationRow } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { NewestOlder } from '../../components/newest-older.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RepairFiles } from '../../components/repair-files.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

export const stateTones = { queued: 'gray', running: 'blue', held: 'orange', done: 'teal', refused: 'red' } as const satisfies Record<
  ReconciliationRow['state'],
  string
>;

export function RunsPage() {
  const [parameters] = useSearchParams();
  const cursor = parameters.get('cursor');
  const { data, error, refetch } = useQuery(queries.runs(cursor));
  const overview = useQuery(queries.overview);
  const latest = overview.data?.latest;
  return (
    <Page
      title={text.nav.runs}
      lead={text.runs.lead}
      actions={
        <Button component={Link} to="/compare" leftSection={<IconFileUpload size={16} aria-hidden />}>
          {text.nav.compare}
        </Button>
      }
    >
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.runs} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220, 220]} />
      ) : data.rows.length === 0 && !cursor ? (
        <EmptyState
          icon={<IconHistory size={28} />}
          title={text.overview.emptyTitle}
          action={
            <Button component={Link} to="/compare">
              {text.overview.emptyAction}
            </Button>
          }
        >
          {text.runs.emptyBody}
        </EmptyState>
      ) : (
        <Stack gap="lg">
          {latest && !cursor && <RepairFiles runId={latest.id} />}
          <Section title={text.runs.all} flush>
            <div className="scroll-x">
              <Table highlightOnHover className="runs-table">
                <caption className="visually-hidden">{text.runs.all}</caption>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{text.runs.run}</Table.Th>
                    <Table.Th scope="col">{text.runs.state}</Table.Th>
                    <Table.Th scope="col" className="right">
                      {text.overview.seatsThatSync}
                    </Table.Th>
                    <Table.Th scope="col" className="right">
                      {text.statuses['not-matched']}
                    </Table.Th>
                    <Table.Th scope="col">{text.runs.changes}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.rows.map((run) => (
                    <Table.Tr key={run.id}>
                      <Table.Th scope="row" fw={400}>
                        <Link to={`/runs/${run.id}`} className="person-link">
                          {text.runs.number(run.number)}
                        </Link>
                        <Text size="sm" c="dimmed">
                          <Time iso={run.createdAt} precise />
                        </Text>
                      </Table.Th>
                      <Table.Td>
                        <Badge data-tone={stateTones[run.state]} className="status-badge">
                          {text.runs.states[run.state]}
                        </Badge>
                        {run.refusal && (
                          <Text size="sm" c="dimmed" maw={280}>
                            {run.refusal}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td className="right number">
                        {run.headline ? text.runs.outOf(run.headline.seatsThatSync, run.headline.seats) : '–'}
                      </Table.Td>
                      <Table.Td className="right number">{run.headline ? formatNumber(run.headline.notMatched) : '–'}</Table.Td>
                      <Table.Td className="number">
                        {run.changes?.before
                          ? text.runs.changed(run.changes.repaired, run.changes.new, run.changes.cameBack)
                          : text.runs.noChanges(run.state)}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          </Section>
          <NewestOlder to="/runs" cursor={cursor} next={data.next} words={text.runs} />
        </Stack>
      )}
    </Page>
  );
}
