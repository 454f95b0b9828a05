import './plans.css';

import { Badge, Button, Stack, Table, Text } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { PlanState } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { NewestOlder } from '../../components/newest-older.tsx';
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
            <div className="scroll-x">
              <Table highlightOnHover className="plans-table">
                <caption className="visually-hidden">{text.plans.all}</caption>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{text.plans.plan}</Table.Th>
                    <Table.Th scope="col">{text.plans.state}</Table.Th>
                    <Table.Th scope="col" className="right">
                      {text.plans.people}
                    </Table.Th>
                    <Table.Th scope="col" className="right">
                      {text.plans.done}
                    </Table.Th>
                    <Table.Th scope="col">{text.plans.next}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.rows.map((plan) => (
                    <Table.Tr key={plan.id}>
                      <Table.Th scope="row" fw={400}>
                        <Link to={`/plans/${plan.id}`} className="person-link">
                          {text.plans.number(plan.number)} · {plan.title}
                        </Link>
                        <Text size="sm" c="dimmed">
                          <Time iso={plan.createdAt} precise />
                        </Text>
                      </Table.Th>
                      <Table.Td>
                        <PlanBadge state={plan.state} />
                      </Table.Td>
                      <Table.Td className="right number" data-label={text.plans.people}>
                        {formatNumber(plan.people)}
                      </Table.Td>
                      <Table.Td className="right number" data-label={text.plans.done}>
                        {text.plans.doneOf(plan.done, plan.people)}
                      </Table.Td>
                      <Table.Td data-label={text.plans.next}>
                        {plan.nextTask ? <Link to={plan.nextTask.href}>{plan.nextTask.sentence}</Link> : '–'}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          </Section>
          <NewestOlder to="/plans" cursor={cursor} next={data.next} words={text.plans} />
        </Stack>
      )}
    </Page>
  );
}
