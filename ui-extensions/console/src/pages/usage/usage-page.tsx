import '../plans/plans.css';
import '../licenses/licenses.css';
import '../../components/print.css';
import './usage.css';

import { Alert, Anchor, Button, Card, Group, List, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconChartBar, IconCircleCheck, IconFileUpload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Usage } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDay, formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { BringUsage } from './bring-usage.tsx';
import { BroughtReports } from './brought-reports.tsx';
import { MetricValue } from './metric-value.tsx';
import { TeamTable } from './team-table.tsx';
import { UsagePeople } from './usage-people.tsx';
import { useUsageQuery } from './usage-query.ts';
import { UseBar, UseLegend } from './use-bar.tsx';

const UsageTrend = lazy(async () => ({ default: (await import('./usage-trend.tsx')).UsageTrend }));

/** What people do in Sales Navigator, beside whether it reaches the CRM. */
export function UsagePage() {
  const state = useUsageQuery();
  const [parameters, setParameters] = useSearchParams();
  const { data, error, refetch } = useQuery(queries.usage(state.summary));
  // A report that was dropped on another page comes with the address.
  const dropped = parameters.get('file');
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const close = (): void => {
    setOpen(false);
    if (dropped) setParameters(state.query, { replace: true });
  };
  const done = (_id: string, sentence: string): void => {
    setSaid(sentence);
    setOpen(false);
    // The newest period shows itself, whatever was looked at before.
    setParameters({}, { replace: true });
  };
  const words = text.usage;
  const isEmpty = data !== undefined && data.report === null;
  return (
    <Page
      title={text.nav.usage}
      lead={words.lead(data?.crmName ?? text.common.crm)}
      actions={
        data?.report && (
          <Group gap="sm" className="no-print">
            <Select
              aria-label={words.period}
              data={data.reports.map(({ id, from, to }) => ({ value: id, label: words.days(formatDay(from), formatDay(to)) }))}
              value={data.report.id}
              allowDeselect={false}
              onChange={(id) => state.change({ report: id === data.reports[0]?.id ? null : id })}
              miw={240}
            />
            <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
              {words.print}
            </Button>
            <Button leftSection={<IconFileUpload size={16} aria-hidden />} onClick={() => setOpen(true)}>
              {words.bring}
            </Button>
          </Group>
        )
      }
    >
      <Dialog opened={isOpen || (dropped !== null && !isEmpty)} onClose={close} title={words.bring} size="lg">
        <BringUsage uploadId={dropped} onDone={done} />
      </Dialog>
      {said && (
        <Alert
          data-tone="teal"
          className="banner"
          radius="lg"
          mb="lg"
          icon={<IconCircleCheck aria-hidden />}
          withCloseButton
          closeButtonLabel={text.common.close}
          onClose={() => setSaid(null)}
        >
          <span role="status">{said}</span>
        </Alert>
      )}
      {error && !data ? (
        <ProblemPanel error={error} what={words.failed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[120, 240]} />
      ) : data.report === null ? (
        <Stack gap="lg">
          <EmptyState icon={<IconChartBar size={28} />} title={words.emptyTitle}>
            {words.emptyBody(data.crmName)}
          </EmptyState>
          <Section title={words.howTitle}>
            <List type="ordered" spacing={4} mb="md">
              {words.how.map((step) => (
                <List.Item key={step}>{step}</List.Item>
              ))}
            </List>
            <Text size="sm" c="dimmed" mb="md">
              {words.howSource}{' '}
              <Anchor href="https://www.linkedin.com/help/sales-navigator/answer/a103027" size="sm">
                {words.howLink}
              </Anchor>
            </Text>
            <BringUsage uploadId={dropped} onDone={done} />
          </Section>
          <BroughtReports onUndone={setSaid} />
        </Stack>
      ) : (
        <Report usage={data} state={state} onUndone={setSaid} />
      )}
    </Page>
  );
}

function Report({
  usage,
  state,
  onUndone,
}: {
  usage: Usage;
  state: ReturnType<typeof useUsageQuery>;
  onUndone: (sentence: string) => void;
}) {
  const words = text.usage;
  const narrowed = [state.query.get('team'), state.query.get('manager')].filter((name) => name !== null);
  return (
    <Stack gap="lg">
      {usage.warnings.length > 0 && (
        <Alert data-tone="orange" className="banner" radius="lg" icon={<IconAlertTriangle aria-hidden />}>
          {usage.warnings.map((warning) => (
            <Text size="sm" key={warning}>
              {warning}
            </Text>
          ))}
        </Alert>
      )}
      {narrowed.length > 0 && (
        <Text size="sm">
          {words.narrowed} <bdi>{narrowed.map((name) => name || words.without).join(', ')}</bdi>.{' '}
          <Link to={`?${state.changed({ team: null, manager: null })}`}>{words.everyone}</Link>
        </Text>
      )}
      <Headline usage={usage} state={state} />
      <div className="usage-columns">
        <Section title={words.useAndMatch} lead={words.useAndMatchLead}>
          <Group gap="md" mb="md">
            <UseLegend counts={usage.byUse} />
          </Group>
          <dl className="use-rows">
            {usage.byStatus.map(({ status, label, byUse }) => (
              <div key={status}>
                <dt>
                  <Link to={`?${state.changed({ status, view: null })}#people`} className="person-link" preventScrollReset>
                    {label}
                  </Link>
                  <span className="number">{formatNumber(byUse.active + byUse.inactive + byUse.unknown)}</span>
                </dt>
                <dd>
                  <UseBar counts={byUse} />
                </dd>
              </div>
            ))}
          </dl>
        </Section>
        <Section title={words.trend} lead={words.trendLead}>
          {usage.trend.length < 2 ? (
            <Text c="dimmed">{words.trendTooShort}</Text>
          ) : (
            <Suspense fallback={<Loading heights={[200]} />}>
              <UsageTrend points={usage.trend} />
            </Suspense>
          )}
        </Section>
      </div>
      <Metrics usage={usage} />
      <TeamTable usage={usage} state={state} />
      <UsagePeople usage={usage} state={state} />
      <BroughtReports onUndone={onUndone} />
    </Stack>
  );
}

const toneOf = {
  'not-matched-active': 'red',
  'matched-inactive': 'orange',
  inactive: 'orange',
  unknown: 'gray',
  stranger: 'gray',
} as const;

function Headline({ usage, state }: { usage: Usage; state: ReturnType<typeof useUsageQuery> }) {
  return (
    <section aria-label={text.usage.headline}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }} spacing="sm">
        {usage.headline.map(({ view, label, count, sentence, nextStep }) => (
          <Card
            key={view}
            component={Link}
            to={`?${state.changed({ view, status: null, use: null })}#people`}
            preventScrollReset
            padding="md"
            className="usage-card"
            data-tone={count === 0 ? 'gray' : view === 'all' ? 'gray' : toneOf[view]}
          >
            <Text size="sm" c="dimmed" fw={600}>
              {label}
            </Text>
            <span className="license-number number">{formatNumber(count)}</span>
            <Text size="xs">{sentence}</Text>
            {nextStep && (
              <Text size="xs" c="dimmed" mt={4}>
                {nextStep}
              </Text>
            )}
          </Card>
        ))}
      </SimpleGrid>
    </section>
  );
}

function Metrics({ usage: { metrics } }: { usage: Usage }) {
  const words = text.usage;
  const shown = metrics.filter(({ inReport }) => inReport);
  const missing = metrics.filter(({ inReport }) => !inReport);
  return (
    <Section title={words.metrics} lead={words.metricsLead}>
      <SimpleGrid cols={{ base: 2, sm: 3, md: 4, lg: 6 }} spacing="md" component="dl" m={0}>
        {shown.map(({ metric, label, meaning, known, total, average }) => (
          <div key={metric}>
            <Text component="dt" size="sm" c="dimmed" title={meaning}>
              {label}
            </Text>
            <dd style={{ margin: 0 }}>
              <Text fz={22} fw={700} component="span">
                <MetricValue metric={metric} value={average} />
              </Text>
              <Text size="xs" c="dimmed">
                {total === null ? words.knownOf(known) : words.totalOf(total, known)}
              </Text>
            </dd>
          </div>
        ))}
      </SimpleGrid>
      {missing.length > 0 && (
        <Text size="sm" c="dimmed" mt="md">
          {words.notInReport} {missing.map(({ label }) => label).join(', ')}.
        </Text>
      )}
    </Section>
  );
}
