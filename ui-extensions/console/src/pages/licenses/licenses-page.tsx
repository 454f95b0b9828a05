import './licenses.css';

import { Badge, Button, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconFileUpload, IconId, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Licenses } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { ContractFacts } from './contract-facts.tsx';
import { Steps } from './steps.tsx';

const holdersHref = (view: string): string => `/licenses/people?${new URLSearchParams({ view })}`;

/** Licenses in numbers, what to buy or return, whom to look at, and what only a person can say of the contract. */
export function LicensesPage() {
  const { data, error, refetch } = useQuery(queries.licenses);
  return (
    <Page title={text.nav.licenses} lead={text.licenses.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.licenses.failed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[120, 240]} />
      ) : data.asOf === null ? (
        <EmptyState
          icon={<IconId size={28} />}
          title={text.licenses.emptyTitle}
          action={
            <Button component={Link} to="/compare" leftSection={<IconFileUpload size={16} aria-hidden />}>
              {text.overview.emptyAction}
            </Button>
          }
        >
          {text.licenses.emptyBody}
        </EmptyState>
      ) : (
        <Stack gap="lg">
          <Numbers licenses={data} />
          <Section title={text.licenses.advice}>
            <Text fw={600}>{data.advice.sentence}</Text>
            {data.advice.steps.length > 0 && (
              <Stack mt="sm">
                <Steps steps={data.advice.steps} />
              </Stack>
            )}
          </Section>
          <Lists licenses={data} />
          <Kinds licenses={data} />
          <ContractFacts licenses={data} />
          <Section title={text.licenses.moves}>
            <ul className="evidence">
              {data.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Section>
        </Stack>
      )}
    </Page>
  );
}

function Numbers({ licenses: { numbers, notCounted, asOf } }: { licenses: Licenses }) {
  return (
    <section aria-label={text.licenses.numbers}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm" component="dl" m={0}>
        {numbers.map(({ id, label, value, sentence }) => (
          <Card key={id} padding="md">
            <Text component="dt" size="sm" c="dimmed" fw={600}>
              {label}
            </Text>
            <dd style={{ margin: 0 }}>
              <span className="license-number number">
                {value === null ? <span className="no-value">{text.licenses.unknown}</span> : formatNumber(value)}
              </span>
              <Text size="xs" c="dimmed">
                {sentence}
              </Text>
            </dd>
          </Card>
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="sm">
        {notCounted.sentence} {asOf && text.licenses.asOf} {asOf && <Time iso={asOf} precise />}.
      </Text>
    </section>
  );
}

function Lists({ licenses: { lists, withoutLicense, ownSubscriptions } }: { licenses: Licenses }) {
  return (
    <Section
      title={text.licenses.look}
      action={
        <Group gap="xs">
          <Button component={Link} to="/licenses/people" variant="default" size="xs">
            {text.licenses.everybody}
          </Button>
          <Button component={Link} to="/licenses/groups" variant="default" size="xs">
            {text.licenses.groups}
          </Button>
        </Group>
      }
    >
      <ul className="plain-list divided">
        <li className="license-list">
          <div>
            <Text fw={600}>{text.licenses.without}</Text>
            <Text size="sm">{withoutLicense.sentence}</Text>
          </div>
          {withoutLicense.count !== null && (
            <Button component={Link} to="/licenses/new" size="xs" leftSection={<IconUserPlus size={14} aria-hidden />}>
              {text.licenses.add}
            </Button>
          )}
        </li>
        {lists.map(({ view, label, count, sentence }) => (
          <li key={view} className="license-list">
            <div>
              <Text fw={600}>{label}</Text>
              <Text size="sm">{sentence}</Text>
              {view === 'leavers' && count > 0 && (
                <Text size="sm" c="dimmed">
                  {text.licenses.reclaimHint}
                </Text>
              )}
            </div>
            {count > 0 && (
              <Group gap="xs">
                {view === 'leavers' && <ReclaimButton />}
                <Button component={Link} to={holdersHref(view)} variant="default" size="xs">
                  {text.licenses.show}
                  <span className="visually-hidden">: {label}</span>
                </Button>
              </Group>
            )}
          </li>
        ))}
        {ownSubscriptions.count > 0 && (
          <li className="license-list">
            <div>
              <Text fw={600}>{text.licenses.own}</Text>
              <Text size="sm">{ownSubscriptions.sentence}</Text>
            </div>
            <Button component={Link} to="/people?status=no-license&reason=own-subscription" variant="default" size="xs">
              {text.licenses.show}
              <span className="visually-hidden">: {text.licenses.own}</span>
            </Button>
          </li>
        )}
      </ul>
    </Section>
  );
}

function Kinds({ licenses: { kinds } }: { licenses: Licenses }) {
  return (
    <Section title={text.licenses.kinds} flush>
      <DataTable
        caption={text.licenses.kinds}
        rows={kinds}
        rowKey={({ kind }) => kind}
        columns={[
          { heading: text.licenses.kind, cell: ({ label }) => <b>{label}</b> },
          {
            heading: text.licenses.bought,
            isNumber: true,
            cell: ({ purchased }) =>
              purchased === null ? <span className="no-value">{text.licenses.unknown}</span> : formatNumber(purchased),
          },
          { heading: text.licenses.assigned, isNumber: true, cell: ({ assigned }) => formatNumber(assigned) },
          { heading: text.licenses.activated, isNumber: true, cell: ({ activated }) => formatNumber(activated) },
          { heading: text.licenses.invited, isNumber: true, cell: ({ invited }) => formatNumber(invited) },
          {
            heading: text.licenses.sync,
            cell: ({ canSync }) => (
              <Badge data-tone={canSync ? 'teal' : canSync === null ? 'gray' : 'yellow'} className="status-badge">
                {text.licenses.syncs[`${canSync}`]}
              </Badge>
            ),
          },
        ]}
      />
    </Section>
  );
}
