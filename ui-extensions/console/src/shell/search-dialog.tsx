import { Combobox, Loader, Modal, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowRight, IconSearch, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { queries } from '../api/queries.ts';
import { peopleHref, personHref } from '../components/people-href.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { text } from '../text.ts';
import { useIsDemo } from './navigation.tsx';
import { navigationGroups, otherSide } from './navigation-groups.ts';

/** How many people are shown before the list of all. */
const peopleShown = 6;

/** Finds a person by name, email or id on either side, or a page; Enter goes there. */
export function SearchDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" radius="lg" yOffset="10vh">
      <Modal.Overlay />
      <Modal.Content aria-label={text.search.title}>
        <Modal.Body p="sm">
          <Finder onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const words = text.search;
  const navigate = useNavigate();
  const isDemo = useIsDemo();
  const combobox = useCombobox({ opened: true });
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const [asked] = useDebouncedValue(wanted, 150);
  const people = useQuery({
    ...queries.people(new URLSearchParams({ search: asked, limit: String(peopleShown) })),
    enabled: asked !== '',
  });
  const found = wanted === '' ? undefined : people.data;
  const entries = [...navigationGroups.flatMap(({ entries }) => entries), ...(isDemo ? [otherSide] : [])].filter(({ label }) =>
    label.toLowerCase().includes(wanted.toLowerCase()),
  );
  const rows = found?.rows ?? [];
  const more = found && found.total > rows.length ? found.total : null;
  const go = (to: string): void => {
    onClose();
    void navigate(to);
  };
  const reading = wanted !== '' && (asked !== wanted || people.isFetching);
  return (
    <Combobox store={combobox} onOptionSubmit={go}>
      <Combobox.EventsTarget withExpandedAttribute>
        <TextInput
          size="md"
          aria-label={words.title}
          placeholder={words.hint}
          value={typed}
          maxLength={200}
          leftSection={<IconSearch size={18} aria-hidden />}
          rightSection={reading && <Loader size="xs" aria-label={text.common.loading} />}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.resetSelectedOption();
          }}
          data-autofocus
        />
      </Combobox.EventsTarget>
      <Combobox.Options className="search-options" aria-label={words.title}>
        {rows.length > 0 && (
          <Combobox.Group label={words.people}>
            {rows.map(({ key, license, crmUser, status, reason }) => (
              <Combobox.Option key={key} value={personHref(key)} className="search-option">
                <IconUser size={18} stroke={1.75} aria-hidden />
                <div>
                  <Text size="sm" fw={600} truncate>
                    <bdi>{license?.name || crmUser?.name || text.common.noName}</bdi>
                  </Text>
                  <Text size="xs" c="dimmed" truncate>
                    <bdi>{license?.email || crmUser?.email || text.common.noEmail}</bdi>
                  </Text>
                </div>
                <StatusBadge status={status} reason={reason} label={text.statuses[status]} />
              </Combobox.Option>
            ))}
            {more !== null && (
              <Combobox.Option value={peopleHref({ search: wanted })} className="search-option">
                <IconArrowRight size={18} stroke={1.75} aria-hidden />
                <Text size="sm">{words.all(more)}</Text>
              </Combobox.Option>
            )}
          </Combobox.Group>
        )}
        {entries.length > 0 && (
          <Combobox.Group label={words.pages}>
            {entries.map(({ to, label, icon: Icon }) => (
              <Combobox.Option key={to} value={to} className="search-option">
                <Icon size={18} stroke={1.75} aria-hidden />
                <Text size="sm">{label}</Text>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        )}
        {entries.length === 0 && rows.length === 0 && !reading && (
          <Combobox.Empty>{people.error ? words.failed : words.none}</Combobox.Empty>
        )}
      </Combobox.Options>
      <div className="visually-hidden" role="status">
        {wanted !== '' && !reading && words.count(rows.length + entries.length)}
      </div>
    </Combobox>
  );
}
