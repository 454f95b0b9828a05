import './overview.css';
import '../plans/plans.css';

import { Button, SimpleGrid, Stack } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import type { Overview } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RootCauseCard } from '../../components/root-cause-card.tsx';
import { Section } from '../../components/section.tsx';
import { formatDateTime } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { FindJob } from '../plans/find-job.tsx';
import { ActivationLine } from './activation-line.tsx';
import { AliasQuestions } from './alias-questions.tsx';
import { Headline } from './headline.tsx';
import { ReasonBars } from './reason-bars.tsx';
import { SinceLastRun } from './since-last-run.tsx';
import { ToDoList } from './to-do-list.tsx';

const Trend = lazy(async () => ({ default: (await import('./trend.tsx')).Trend }));

export function OverviewPage() {
  const { data, error, refetch } = useQuery(queries.overview);
  return (
    <Page
      title={text.nav.overview}
      lead={data?.latest ? text.overview.lead(data.contract.crmName, data.latest.number, formatDateTime(data.latest.createdAt)) : undefined}
      actions={
        data?.latest && (
          <Button component={Link} to="/compare" leftSection={<IconFileUpload size={16} aria-hidden />}>
            {text.overview.compareAgain}
          </Button>
        )
      }
    >
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.overview} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220, 360]} gap="lg" />
      ) : data.latest ? (
        <Numbers overview={data} />
      ) : (
        <FirstRun />
      )}
    </Page>
  );
}

function Numbers({ overview }: { overview: Overview }) {
  return (
    <Stack gap="lg">
      <Headline overview={overview} />
      <FindJob />
      <AliasQuestions aliases={overview.suggestedAliases} runId={overview.latest?.id ?? null} />
      <div className="two-columns">
        <ToDoList items={overview.toDo} causes={overview.rootCauses} />
        <div className="stacked">
          <ReasonBars overview={overview} />
          <SinceLastRun overview={overview} />
          <ActivationLine activation={overview.activation} />
        </div>
      </div>
      {overview.rootCauses.length > 0 && (
        <Section
          title={text.overview.causes}
          lead={text.overview.causesLead}
          action={
            <Link to="/root-causes" className="quiet-link">
              {text.overview.allCauses}
            </Link>
          }
        >
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md" component="ul" className="plain-list">
            {overview.rootCauses.slice(0, 6).map((cause) => (
              <RootCauseCard key={cause.id} cause={cause} runId={overview.latest?.id ?? null} />
            ))}
          </SimpleGrid>
        </Section>
      )}
      <Section title={text.overview.trend} lead={text.overview.trendLead}>
        <Suspense fallback={<Loading heights={[220]} />}>
          <Trend points={overview.trend} />
        </Suspense>
      </Section>
    </Stack>
  );
}

function FirstRun() {
  return (
    <EmptyState
      icon={<IconFileUpload size={28} />}
      title={text.overview.emptyTitle}
      action={
        <Button component={Link} to="/compare" size="md" mt="sm">
          {text.overview.emptyAction}
        </Button>
      }
    >
      {text.overview.emptyBody}
      <ol className="teaching">
        {text.overview.emptySteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </EmptyState>
  );
}
