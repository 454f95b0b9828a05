import { Button, SimpleGrid, Skeleton } from '@mantine/core';
import { IconFileUpload, IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RootCauseCard } from '../../components/root-cause-card.tsx';
import { text } from '../../text.ts';

export function RootCausesPage() {
  const { data, error, refetch } = useQuery(queries.overview);
  return (
    <Page title={text.nav.rootCauses} lead={text.causes.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.causes} onRetry={refetch} />
      ) : !data ? (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} aria-busy aria-label={text.common.loading}>
          {[1, 2, 3].map((card) => (
            <Skeleton key={card} h={200} radius="lg" />
          ))}
        </SimpleGrid>
      ) : data.rootCauses.length > 0 ? (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" className="plain-list">
          {data.rootCauses.map((cause) => (
            <RootCauseCard level="h2" key={cause.id} cause={cause} runId={data.latest?.id ?? null} />
          ))}
        </SimpleGrid>
      ) : (
        <EmptyState
          icon={<IconSitemap size={28} />}
          title={data.latest ? text.causes.noneTitle : text.overview.emptyTitle}
          action={
            !data.latest && (
              <Button component={Link} to="/compare" leftSection={<IconFileUpload size={16} aria-hidden />}>
                {text.overview.emptyAction}
              </Button>
            )
          }
        >
          {data.latest ? text.causes.noneBody : text.causes.emptyBody}
        </EmptyState>
      )}
    </Page>
  );
}
