import '../plans/plans.css';

import { Anchor, Button, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LicenseHolderRow } from '../../../../../server/api.ts';
import { licenseHoldersHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { formatDay, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

const names = ['view', 'group', 'permission', 'kind', 'search'] as const;

/** License holders with what Admin Center shows of them; the list's whole state is the address. */
export function LicenseHoldersPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = new URLSearchParams();
  for (const name of names) {
    const value = parameters.get(name);
    if (value) filter.set(name, value);
  }
  const asked = new URLSearchParams(filter);
  const cursor = parameters.get('cursor');
  if (cursor) asked.set('cursor', cursor);
  const { data: licenses } = useQuery(queries.licenses);
  const { data, error, refetch, isPlaceholderData } = useQuery(queries.licenseHolders(asked));
  const change = (name: (typeof names)[number], value: string | null): void => {
    const next = new URLSearchParams(filter);
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next, { preventScrollReset: true });
  };
  const view = filter.get('view') ?? 'all';
  return (
    <Page
      title={text.licenses.holders}
      lead={text.licenses.holdersLead}
      above={
        <Anchor component={Link} to="/licenses" size="sm">
          {text.licenses.back}
        </Anchor>
      }
      actions={
        <>
          {view === 'leavers' && data && data.total > 0 && <ReclaimButton />}
          <Button
            component="a"
            href={licenseHoldersHref(filter)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {text.licenses.download}
          </Button>
        </>
      }
    >
      <search>
        <Group gap="sm" align="flex-end" mb="md">
          <Search value={filter.get('search') ?? ''} onChange={(value) => change('search', value)} />
          <Select
            label={text.licenses.list}
            data={[
              { value: 'all', label: text.licenses.everybody },
              ...(licenses?.lists ?? []).map(({ view: value, label }) => ({ value, label })),
            ]}
            value={view}
            allowDeselect={false}
            onChange={(value) => change('view', value === 'all' ? null : value)}
          />
          <Select
            label={text.licenses.group}
            placeholder={text.licenses.any}
            data={licenses?.filters.groups ?? []}
            value={filter.get('group')}
            onChange={(value) => change('group', value)}
            clearable
            searchable
          />
          <Select
            label={text.licenses.permission}
            placeholder={text.licenses.any}
            data={licenses?.filters.permissions ?? []}
            value={filter.get('permission')}
            onChange={(value) => change('permission', value)}
            clearable
          />
          <Select
            label={text.licenses.kind}
            placeholder={text.licenses.any}
            data={licenses?.filters.kinds ?? []}
            value={filter.get('kind')}
            onChange={(value) => change('kind', value)}
            clearable
          />
        </Group>
      </search>
      {error && !data ? (
        <ProblemPanel error={error} what={text.licenses.holdersFailed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[320]} />
      ) : (
        <Section title={<span role="status">{text.licenses.count(data.total)}</span>} flush>
          {data.rows.length === 0 ? (
            <Text p="lg">{text.licenses.nobody}</Text>
          ) : (
            <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
              <Holders rows={data.rows} />
            </div>
          )}
          {(data.next || cursor) && (
            <Group justify="flex-end" p="md">
              {cursor && (
                <Button component={Link} to={`?${filter}`} size="xs" variant="default">
                  {text.licenses.first}
                </Button>
              )}
              {data.next && (
                <Button component={Link} to={`?${new URLSearchParams([...filter, ['cursor', data.next]])}`} size="xs" variant="default">
                  {text.licenses.more}
                </Button>
              )}
            </Group>
          )}
        </Section>
      )}
    </Page>
  );
}

function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const later = useDebouncedCallback((text: string) => onChange(text.trim()), 250);
  return (
    <TextInput
      type="search"
      label={text.licenses.search}
      placeholder={text.licenses.searchHint}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        later(currentTarget.value);
      }}
    />
  );
}

function Holders({ rows }: { rows: readonly LicenseHolderRow[] }) {
  const headings = [
    text.licenses.person,
    text.licenses.kind,
    text.licenses.state,
    text.licenses.permission,
    text.licenses.group,
    text.licenses.team,
    text.licenses.lastAccess,
    text.licenses.use,
    text.licenses.why,
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="scroll-x" tabIndex={0} aria-label={text.licenses.table(text.licenses.holders)}>
      <Table className="plans-table">
        <caption className="visually-hidden">{text.licenses.holders}</caption>
        <Table.Thead>
          <Table.Tr>
            {headings.map((heading) => (
              <Table.Th scope="col" key={heading}>
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" fw={400}>
                <Link to={personHref(row.key)} className="person-link">
                  <bdi>{row.name || text.common.noName}</bdi>
                </Link>
                <Text size="xs" c="dimmed" className="wrap">
                  <bdi>{row.email || text.common.noEmail}</bdi>
                </Text>
              </Table.Th>
              <Table.Td>{row.licenses.join(', ')}</Table.Td>
              <Table.Td>{row.state}</Table.Td>
              <Table.Td>{row.permission}</Table.Td>
              <Table.Td>
                <bdi>{row.groups.join(', ')}</bdi>
              </Table.Td>
              <Table.Td>
                <bdi>{row.team}</bdi>
              </Table.Td>
              <Table.Td>{row.lastAccess && <Time iso={row.lastAccess} />}</Table.Td>
              <Table.Td>
                {row.use && (
                  <span title={text.usage.days(formatDay(row.use.from), formatDay(row.use.to))}>
                    {row.use.daysActive === null ? text.usage.uses[row.use.state] : text.usage.daysOf(row.use.daysActive)}
                  </span>
                )}
              </Table.Td>
              <Table.Td>
                <span title={row.sentence}>{row.reason}</span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
