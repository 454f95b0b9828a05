import './runs.css';

import { Anchor, Badge, Button, Stack, Text } from '@mantine/core';
import { IconFileUpload, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { ReconciliationRow } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { Loading } from '../../components/loading.tsx';
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
          <Section
            title={text.runs.all}
            flush
            action={
              <Anchor component={Link} to="/runs/compare" size="sm">
                {text.report.compare}
              </Anchor>
            }
          >
            <DataTable
              caption={text.runs.all}
              rows={data.rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  heading: text.runs.run,
                  cell: (run) => (
                    <>
                      <Link to={`/runs/${run.id}`} className="person-link">
                        {text.runs.number(run.number)}
                      </Link>
                      <Text size="sm" c="dimmed">
                        <Time iso={run.createdAt} precise />
                      </Text>
                    </>
                  ),
                },
                {
                  heading: text.runs.state,
                  cell: (run) => (
                    <>
                      <Badge data-tone={stateTones[run.state]} className="status-badge">
                        {text.runs.states[run.state]}
                      </Badge>
                      {run.refusal && (
                        <Text size="sm" c="dimmed" maw={280}>
                          {run.refusal}
                        </Text>
                      )}
                    </>
                  ),
                },
                {
                  heading: text.overview.seatsThatSync,
                  isNumber: true,
                  cell: ({ headline }) => (headline ? text.runs.outOf(headline.seatsThatSync, headline.seats) : '–'),
                },
                {
                  heading: text.statuses['not-matched'],
                  isNumber: true,
                  cell: ({ headline }) => (headline ? formatNumber(headline.notMatched) : '–'),
                },
                {
                  heading: text.runs.changes,
                  cell: ({ changes, state }) =>
                    changes?.before ? text.runs.changed(changes.repaired, changes.new, changes.cameBack) : text.runs.noChanges(state),
                },
              ]}
            />
            <ListPager query={parameters} next={data.next} />
          </Section>
        </Stack>
      )}
    </Page>
  );
}
