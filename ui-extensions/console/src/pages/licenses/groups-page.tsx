import '../plans/plans.css';

import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Groups } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { LicensesFrame } from './licenses-frame.tsx';
import { Steps } from './steps.tsx';

const holdersHref = (filter: Record<string, string>): string => `/licenses/people?${new URLSearchParams(filter)}`;

/** LinkedIn's groups and permissions beside the CRM's teams; shown, never written. */
export function GroupsPage() {
  const query = useQuery(queries.groups);
  return (
    <LicensesFrame
      title={text.licenses.groups}
      lead={text.licenses.groupsLead}
      query={query}
      failed={text.licenses.groupsFailed}
      heights={[240, 160]}
    >
      {(data) => (
        <Stack gap="lg">
          <GroupTable groups={data} />
          {data.elsewhere.count > 0 && (
            <Section
              title={text.licenses.teams}
              action={
                <Button component={Link} to={holdersHref({ view: 'other-team' })} size="xs" variant="default">
                  {text.licenses.show}
                  <span className="visually-hidden">: {data.elsewhere.sentence}</span>
                </Button>
              }
            >
              <Text>{data.elsewhere.sentence}</Text>
            </Section>
          )}
          {data.teamsWithoutGroup.length > 0 && (
            <Section title={text.licenses.teamsWithout}>
              <ul className="evidence">
                {data.teamsWithoutGroup.map(({ team, count }) => (
                  <li key={team}>
                    <bdi>{team}</bdi>: {text.licenses.count(count)}
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <Permissions groups={data} />
          <Section title={text.licenses.changeIt} lead={data.sentence}>
            <Steps steps={data.changeIt} />
          </Section>
        </Stack>
      )}
    </LicensesFrame>
  );
}

function GroupTable({ groups: { groups, withoutGroup } }: { groups: Groups }) {
  return (
    <Section title={text.licenses.groupsTitle} lead={withoutGroup > 0 ? text.licenses.withoutGroup(withoutGroup) : undefined} flush>
      {groups.length === 0 ? (
        <Text p="lg">{text.licenses.groupsNone}</Text>
      ) : (
        <DataTable
          caption={text.licenses.groups}
          rows={groups}
          rowKey={({ name }) => name}
          columns={[
            {
              heading: text.licenses.group,
              cell: ({ name }) => (
                <Link to={holdersHref({ group: name })} className="person-link">
                  <bdi>{name}</bdi>
                </Link>
              ),
            },
            { heading: text.licenses.members, isNumber: true, cell: ({ people }) => formatNumber(people) },
            {
              heading: text.licenses.teams,
              cell: ({ teams, sentence }) => (
                <>
                  <Text size="sm">{sentence}</Text>
                  {teams.length > 1 && (
                    <Text size="xs" c="dimmed">
                      <bdi>{teams.map(({ team, count }) => `${team} (${formatNumber(count)})`).join(', ')}</bdi>
                    </Text>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Permissions({ groups: { permissions } }: { groups: Groups }) {
  return (
    <Section title={text.licenses.permissions}>
      <ul className="plain-list divided">
        {permissions.map(({ permission, label, sentence, withLicense, withoutLicense }) => (
          <li key={permission} className="plan-list">
            <div>
              <Text fw={600}>{label}</Text>
              <Text size="sm">{sentence}</Text>
              {withoutLicense.length > 0 && (
                <Text size="sm" c="dimmed">
                  {text.licenses.withoutLicense}: <bdi>{withoutLicense.map(({ name, email }) => name || email).join(', ')}</bdi>
                </Text>
              )}
            </div>
            <Link to={holdersHref({ permission })} className="person-link">
              {text.licenses.withLicense}: {formatNumber(withLicense)}
              <span className="visually-hidden">, {label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
