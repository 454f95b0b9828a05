import { Button, CloseButton, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Invitations } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { text } from '../../text.ts';
import type { useInvitationsQuery } from './use-invitations-query.ts';

export function InvitationFilters({
  invitations,
  query,
  change,
  filtered,
}: { invitations: Invitations } & ReturnType<typeof useInvitationsQuery>) {
  const words = text.invitations;
  const searched = query.get('search') ?? '';
  const [search, setSearch] = useState(searched);
  useEffect(() => setSearch(searched), [searched]);
  const searchLater = useDebouncedCallback((value: string) => change('search', value.trim(), true), 250);
  const type = (value: string): void => {
    setSearch(value);
    searchLater(value);
  };
  const { data: licenses } = useQuery(queries.licenses);
  const choice = (
    filter: 'team' | 'manager' | 'group' | 'permission' | 'kind',
    label: string,
    values: readonly (string | { readonly value: string; readonly label: string })[],
  ) => {
    const chosen = query.get(filter);
    return (
      <Select
        label={label}
        placeholder={text.people.any}
        data={[...(chosen && !values.some((one) => (typeof one === 'string' ? one : one.value) === chosen) ? [chosen] : []), ...values]}
        value={chosen}
        onChange={(value) => change(filter, value)}
        clearable
        searchable
      />
    );
  };
  return (
    <search>
      <Group gap="sm" align="flex-end" mb="md" px="lg" className="filters">
        <TextInput
          type="search"
          label={text.people.search}
          placeholder={words.searchHint}
          value={search}
          onChange={(event) => type(event.currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={search && <CloseButton size="sm" aria-label={text.people.clearSearch} onClick={() => type('')} />}
        />
        {choice('team', words.team, invitations.teams)}
        {choice('manager', words.manager, invitations.managers)}
        {licenses && (
          <>
            {choice('group', text.licenses.group, licenses.filters.groups)}
            {choice('permission', text.licenses.permission, licenses.filters.permissions)}
            {choice('kind', text.licenses.kind, licenses.filters.kinds)}
          </>
        )}
        <Select
          label={words.age}
          placeholder={text.people.any}
          data={[
            { value: 'due', label: words.ages.due },
            { value: 'fresh', label: words.ages.fresh },
          ]}
          value={query.get('age')}
          onChange={(value) => change('age', value)}
          clearable
        />
        {filtered && (
          <Button component={Link} to="/invitations" variant="subtle">
            {text.people.clear}
          </Button>
        )}
      </Group>
    </search>
  );
}
