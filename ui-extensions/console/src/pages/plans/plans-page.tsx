import './plans.css';

import { Badge, Button, Stack, Text } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { PlanState } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { FindJob } from './find-job.tsx';

const tones = {
  draft: 'orange',
  running: 'blue',
  paused: 'yellow',
  done: 'teal',
  cancelled: 'gray',
  expired: 'gray',
} as const satisfies Record<PlanState, string>;

export function PlanBadge({ state }: { state: PlanState }) {
  return (
    <Badge data-tone={tones[state]} className="status-badge">
      {text.plans.states[state]}
    </Badge>
  );
}

export function PlansPage() {
  const [parameters] = useSearchParams();
  const cursor = parameters.get('cursor');
  const { data, error, refetch } = useQuery(queries.plans(cursor));
  return (
    <Page title={text.nav.plans} lead={text.plans.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.plans.listFailed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220]} />
      ) : data.rows.length === 0 && !cursor ? (
        <EmptyState
          icon={<IconTool size={28} />}
          title={text.plans.emptyTitle}
          action={
            <Button component={Link} to="/root-causes">
              {text.plans.toRootCauses}
            </Button>
          }
        >
          {text.plans.emptyBody}
        </EmptyState>
      ) : (
        <Stack gap="lg">
          <FindJob />
          <Section title={text.plans.all} flush>
            <DataTable
              caption={text.plans.all}
              rows={data.rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  heading: text.plans.plan,
                  cell: (plan) => (
                    <>
                      <Link to={`/plans/${plan.id}`} className="person-link">
                        {text.plans.number(plan.number)} · {plan.title}
                      </Link>
                      <Text size="sm" c="dimmed">
                        <Time iso={plan.createdAt} precise />
                      </Text>
                    </>
                  ),
                },
                { heading: text.plans.state, cell: (plan) => <PlanBadge state={plan.state} /> },
                { heading: text.plans.people, isNumber: true, cell: (plan) => formatNumber(plan.people) },
                { heading: text.plans.done, isNumber: true, cell: (plan) => text.plans.doneOf(plan.done, plan.people) },
                {
                  heading: text.plans.next,
                  cell: ({ nextTask }) => (nextTask ? <Link to={nextTask.href}>{nextTask.sentence}</Link> : '–'),
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
