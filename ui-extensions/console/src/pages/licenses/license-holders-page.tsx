import '../plans/plans.css';

import { Button, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconMail, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LicenseHolderRow, NewMessage } from '../../../../../server/api.ts';
import { licenseHoldersHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { personHref } from '../../components/people-href.ts';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { WriteDialog } from '../messages/write-dialog.tsx';
import { LicensesFrame } from './licenses-frame.tsx';

const names = ['view', 'group', 'permission', 'kind', 'team', 'manager', 'age', 'search'] as const;

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
  const query = useQuery(queries.licenseHolders(asked));
  const { data, isPlaceholderData } = query;
  const change = (name: (typeof names)[number], value: string | null): void => {
    const next = new URLSearchParams(filter);
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next, { preventScrollReset: true });
  };
  const [writing, setWriting] = useState(false);
  const view = filter.get('view') ?? 'all';
  return (
    <LicensesFrame
      title={text.licenses.holders}
      lead={text.licenses.holdersLead}
      query={query}
      failed={text.licenses.holdersFailed}
      heights={[320]}
      actions={
        <>
          {view === 'leavers' && data && data.total > 0 && <ReclaimButton />}
          {data && data.total > 0 && (
            <Button leftSection={<IconMail size={16} aria-hidden />} onClick={() => setWriting(true)}>
              {text.messages.write(data.total)}
            </Button>
          )}
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
      before={
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
            <Select
              label={text.licenses.team}
              placeholder={text.licenses.any}
              data={licenses?.filters.teams ?? []}
              value={filter.get('team')}
              onChange={(value) => change('team', value)}
              clearable
              searchable
            />
            <Select
              label={text.invitations.manager}
              placeholder={text.licenses.any}
              data={licenses?.filters.managers ?? []}
              value={filter.get('manager')}
              onChange={(value) => change('manager', value)}
              clearable
              searchable
            />
            <Select
              label={text.invitations.age}
              placeholder={text.licenses.any}
              data={(['due', 'fresh'] as const).map((value) => ({ value, label: text.invitations.ages[value] }))}
              value={filter.get('age')}
              onChange={(value) => change('age', value)}
              clearable
            />
          </Group>
        </search>
      }
    >
      {(holders) => (
        <>
          <Section title={<span role="status">{text.licenses.count(holders.total)}</span>} flush>
            {holders.rows.length === 0 ? (
              <Text p="lg">{text.licenses.nobody}</Text>
            ) : (
              <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
                <Holders rows={holders.rows} />
              </div>
            )}
            {(holders.next || cursor) && (
              <Group justify="flex-end" p="md">
                {cursor && (
                  <Button component={Link} to={`?${filter}`} size="xs" variant="default">
                    {text.licenses.first}
                  </Button>
                )}
                {holders.next && (
                  <Button
                    component={Link}
                    to={`?${new URLSearchParams([...filter, ['cursor', holders.next]])}`}
                    size="xs"
                    variant="default"
                  >
                    {text.licenses.more}
                  </Button>
                )}
              </Group>
            )}
          </Section>
          {writing && (
            <WriteDialog
              title={text.messages.write(holders.total)}
              kinds={['note', 'reminder']}
              to={{ holders: Object.fromEntries(filter) as NonNullable<NewMessage['holders']> }}
              onClose={() => setWriting(false)}
            />
          )}
        </>
      )}
    </LicensesFrame>
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
                <span title={row.sentence}>{row.reason}</span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
