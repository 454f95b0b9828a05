import './root-causes.css';

import { Button, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconChevronRight, IconFileUpload, IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RootCause } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { peopleHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RootCauseCard } from '../../components/root-cause-card.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

export function RootCausesPage() {
  const { data, error, refetch } = useQuery(queries.overview);
  return (
    <Page
      title={text.nav.rootCauses}
      lead={text.causes.lead}
      actions={
        <Button component={Link} to="/domain-changes" variant="default">
          {text.domainChanges.title}
        </Button>
      }
    >
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.causes} onRetry={refetch} />
      ) : !data ? (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} aria-busy role="status" aria-label={text.common.loading}>
          {[1, 2, 3].map((card) => (
            <Skeleton key={card} h={200} radius="lg" />
          ))}
        </SimpleGrid>
      ) : data.rootCauses.length > 0 ? (
        <Causes causes={data.rootCauses} runId={data.latest?.id ?? null} />
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

/** Cards for what repairs several people; a cause of one person is a line, so that twenty of them do not hide the groups. */
function Causes({ causes, runId }: { causes: readonly RootCause[]; runId: string | null }) {
  const groups = causes.filter(({ count }) => count > 1);
  const singles = causes.filter(({ count }) => count <= 1);
  return (
    <Stack gap="lg">
      {groups.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" className="plain-list">
          {groups.map((cause) => (
            <RootCauseCard level="h2" key={cause.id} cause={cause} runId={runId} />
          ))}
        </SimpleGrid>
      )}
      {singles.length > 0 && (
        <Section title={text.causes.single} lead={text.causes.singleLead} flush>
          <ul className="plain-list divided">
            {singles.map((cause) => (
              <li key={cause.id}>
                <Link to={peopleHref({ rootCause: cause.id })} className="single-cause">
                  <Text span size="sm" fw={600} className="wrap">
                    {titleOf(cause)}
                  </Text>
                  <Text span size="sm" c="dimmed">
                    {cause.repair}
                  </Text>
                  <ActorMark actor={cause.actor} />
                  <IconChevronRight size={16} aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Stack>
  );
}

/** "1 of 65: dots differ" without the count, which is the same on every line; a domain keeps its small letter. */
function titleOf({ title }: RootCause): string {
  const cause = title.replace(/^\d+ of \d+: /u, '');
  return /^\S*\./u.test(cause) ? cause : cause.slice(0, 1).toUpperCase() + cause.slice(1);
}
