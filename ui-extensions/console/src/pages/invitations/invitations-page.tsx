import './invitations.css';

import { Alert, Button, Stack } from '@mantine/core';
import { IconInfoCircle, IconMailOpened } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { Activation } from './activation.tsx';
import { Batches } from './batches.tsx';
import { CrmInvitationList } from './crm-invitation-list.tsx';
import { FirstInvitationList } from './first-invitation-list.tsx';
import { InvitationActions } from './invitation-actions.tsx';
import { InvitationFilters } from './invitation-filters.tsx';
import { InvitationTable } from './invitation-table.tsx';
import { useInvitationsQuery } from './use-invitations-query.ts';

export function InvitationsPage() {
  const words = text.invitations;
  const asked = useInvitationsQuery();
  const { query, filtered } = asked;
  const { data, error, refetch } = useQuery(queries.invitations(query));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toCompare = (
    <Button component={Link} to="/compare">
      {text.nav.compare}
    </Button>
  );
  return (
    <Page title={text.nav.invitations} lead={words.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={words.failed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[240, 320]} />
      ) : data.asOf === null && data.total === 0 ? (
        <Stack gap="lg">
          <EmptyState icon={<IconMailOpened size={28} />} title={words.emptyTitle} action={toCompare}>
            {data.told}
          </EmptyState>
          <CrmInvitationList />
        </Stack>
      ) : (
        <Stack gap="lg">
          <Activation invitations={data} />
          <Section title={words.open} lead={words.openLead(data.total, data.due)} flush>
            {data.told && (
              <Alert data-tone="blue" variant="light" icon={<IconInfoCircle size={18} aria-hidden />} className="banner" mx="lg" mb="md">
                {data.told}
              </Alert>
            )}
            <InvitationFilters invitations={data} {...asked} />
            {data.rows.length === 0 ? (
              <EmptyState icon={<IconMailOpened size={28} />} title={filtered ? text.people.noneTitle : words.noneTitle}>
                {filtered ? text.people.noneBody : words.noneBody}
              </EmptyState>
            ) : (
              <>
                <InvitationActions
                  query={query}
                  rows={data.rows}
                  chosen={data.rows.filter(({ id }) => chosen.has(id))}
                  total={data.total}
                />
                <InvitationTable rows={data.rows} chosen={chosen} onChoose={setChosen} />
                <ListPager query={query} next={data.next} />
              </>
            )}
          </Section>
          <Batches />
          <FirstInvitationList />
          <CrmInvitationList />
        </Stack>
      )}
    </Page>
  );
}
