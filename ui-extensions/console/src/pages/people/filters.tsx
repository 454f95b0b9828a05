import { Button, CloseButton, Group, MultiSelect, Pill, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Overview } from '../../../../../server/api.ts';
import { text } from '../../text.ts';
import type { usePeopleQuery } from './use-people-query.ts';

type Change = ReturnType<typeof usePeopleQuery>['change'];

export function Filters({
  query,
  change,
  overview,
  filtered,
}: {
  query: URLSearchParams;
  change: Change;
  overview: Overview;
  filtered: boolean;
}) {
  const searched = query.get('search') ?? '';
  const [search, setSearch] = useState(searched);
  useEffect(() => setSearch(searched), [searched]);
  const searchLater = useDebouncedCallback((value: string) => change({ search: value.trim() }, true), 250);
  const type = (value: string): void => {
    setSearch(value);
    searchLater(value);
  };

  const [open, { toggle }] = useDisclosure(false);
  const statuses = query.getAll('status');
  const reasons = query.getAll('reason');
  const labels = new Map(overview.byReason.map((entry) => [entry.reason as string, entry.label]));
  const offered = overview.byReason.filter((entry) => statuses.length === 0 || statuses.includes(entry.status));
  const rootCause = query.get('rootCause');
  const cause = overview.rootCauses.find((one) => one.id === rootCause);
  const options = (record: Readonly<Record<string, string>>) => Object.entries(record).map(([value, label]) => ({ value, label }));

  return (
    <search>
      <Group gap="sm" align="flex-end" mb="sm" className="filters people-filters" data-open={open || undefined}>
        <TextInput
          label={text.people.search}
          placeholder={text.people.searchHint}
          value={search}
          onChange={(event) => type(event.currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={search && <CloseButton size="sm" aria-label={text.people.clearSearch} onClick={() => type('')} />}
          type="search"
          className="filter-wide"
        />
        <Button
          hiddenFrom="sm"
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          aria-expanded={open}
          onClick={toggle}
        >
          {text.people.filters}
        </Button>
        <MultiSelect
          label={text.people.status}
          placeholder={statuses.length === 0 ? text.people.any : ''}
          data={options(text.statuses).filter(
            ({ value }) => statuses.includes(value) || overview.byStatus.some((entry) => entry.status === value && entry.count > 0),
          )}
          value={statuses}
          onChange={(value) =>
            change({
              status: value,
              reason: reasons.filter(
                (reason) =>
                  value.length === 0 || overview.byReason.some((entry) => entry.reason === reason && value.includes(entry.status)),
              ),
            })
          }
          clearable
          hidePickedOptions
        />
        <MultiSelect
          label={text.people.reason}
          placeholder={reasons.length === 0 ? text.people.any : ''}
          data={[...new Set([...reasons, ...offered.map((entry) => entry.reason as string)])].map((value) => ({
            value,
            label: labels.get(value) ?? value,
          }))}
          value={reasons}
          onChange={(value) => change({ reason: value })}
          clearable
          searchable
          hidePickedOptions
        />
        <Select
          label={text.people.actor}
          placeholder={text.people.anyone}
          data={options(text.actors)}
          value={query.get('actor')}
          onChange={(value) => change({ actor: value })}
          clearable
        />
        <Select
          label={text.people.change}
          placeholder={text.people.any}
          data={options(text.people.changes)}
          value={query.get('change')}
          onChange={(value) => change({ change: value })}
          clearable
        />
        {overview.rootCauses.length > 0 && (
          <Select
            label={text.people.rootCause}
            placeholder={text.people.any}
            data={overview.rootCauses.map(({ id, title }) => ({ value: id, label: title }))}
            value={cause ? rootCause : null}
            onChange={(value) => change({ rootCause: value })}
            clearable
            searchable
            comboboxProps={{ width: 380, position: 'bottom-end' }}
          />
        )}
        {filtered && (
          <Button component={Link} to="/people" variant="subtle">
            {text.people.clear}
          </Button>
        )}
      </Group>
      {rootCause && !cause && (
        <Pill withRemoveButton onRemove={() => change({ rootCause: null })} mb="sm" removeButtonProps={{ 'aria-label': text.people.clear }}>
          {text.people.rootCause}: {rootCause}
        </Pill>
      )}
    </search>
  );
}
