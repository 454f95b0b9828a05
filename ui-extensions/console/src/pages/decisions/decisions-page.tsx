import './decisions.css';

import { Badge, Stack, Text } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Decision, Decisions } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { ProfileButtons } from '../person/onboarding.tsx';

const tones = { moved: 'red', due: 'orange', soon: 'yellow', open: 'orange', gone: 'gray', holds: 'teal' } as const satisfies Record<
  Decision['state'],
  string
>;
const order = Object.keys(tones);

/** Everything that people decided and that holds: what somebody has to look at again comes first. */
export function DecisionsPage() {
  const { data, error, refetch } = useQuery(queries.decisions);
  return (
    <Page title={text.nav.decisions} lead={text.decisions.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.decisions.failed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[260]} />
      ) : data.rows.length === 0 && data.profileQuestions.length === 0 ? (
        <EmptyState icon={<IconChecklist size={28} />} title={text.decisions.emptyTitle}>
          {text.decisions.emptyBody}
        </EmptyState>
      ) : (
        <Stack gap="lg">
          {data.profileQuestions.length > 0 && <Newcomers people={data.profileQuestions} />}
          {data.rows.length > 0 && <All rows={data.rows} />}
        </Stack>
      )}
    </Page>
  );
}

/** Who was activated lately: a second profile shows itself in that nobody is connected to it. */
function Newcomers({ people }: { people: Decisions['profileQuestions'] }) {
  return (
    <Section title={text.onboarding.newcomers} lead={text.onboarding.newcomersLead} flush>
      <ul className="plain-list divided">
        {people.map(({ key, licenseId, name, email, activatedOn }) => (
          <li key={key} className="newcomer">
            <div>
              <Link to={`/people/${encodeURIComponent(key)}`} className="person-link">
                <bdi>{name || email}</bdi>
              </Link>
              <Text size="sm" c="dimmed">
                {text.onboarding.activatedOn(formatDate(activatedOn))}
              </Text>
            </div>
            <ProfileButtons licenseId={licenseId} name={name || email} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function All({ rows }: { rows: Decisions['rows'] }) {
  return (
    <Section title={text.decisions.all} flush>
      <DataTable
        caption={text.decisions.all}
        rows={rows.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))}
        rowKey={({ id }) => id}
        columns={columns}
      />
    </Section>
  );
}

const columns: readonly Column<Decision>[] = [
  {
    heading: text.decisions.person,
    cell: ({ person, licenseId }) => (
      <>
        <Link to={personHref(person?.key ?? `license:${licenseId}`)} className="person-link">
          <bdi>{person ? person.name || person.email : licenseId}</bdi>
        </Link>
        {person?.name && (
          <Text size="sm" c="dimmed" className="wrap">
            <bdi>{person.email}</bdi>
          </Text>
        )}
      </>
    ),
  },
  {
    heading: text.decisions.decision,
    cell: ({ kind, crmUserId, reason, author, at }) => (
      <div>
        {text.decisions.kinds[kind]} {crmUserId && <bdi className="marked-email">{crmUserId}</bdi>}
        {reason && (
          <Text size="sm" className="wrap">
            <bdi>{reason}</bdi>
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {text.identity.by(author, formatDate(at))}
        </Text>
      </div>
    ),
  },
  {
    heading: text.decisions.state,
    cell: ({ state, sentence }) => (
      <>
        <Badge data-tone={tones[state]} className="status-badge">
          {text.decisions.states[state]}
        </Badge>
        {sentence && (
          <Text size="sm" maw={320} mt={4}>
            {sentence}
          </Text>
        )}
      </>
    ),
  },
  { heading: text.decisions.until, cell: ({ on }) => (on ? formatDate(on) : text.decisions.noDay) },
];
