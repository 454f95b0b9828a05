import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconBookmark, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Overview } from '../../../../../server/api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { peopleHref } from '../../components/people-href.ts';
import { text } from '../../text.ts';

interface View {
  readonly name: string;
  /** As it stands in the address, without a page. */
  readonly query: string;
}

const names = text.people.viewNames;
const queryOf = (filter: Parameters<typeof peopleHref>[0]) => peopleHref(filter).split('?')[1] ?? '';
const given: readonly View[] = [
  { name: names.all, query: '' },
  { name: names.notMatched, query: queryOf({ status: ['not-matched'] }) },
  { name: names.crmAdmin, query: queryOf({ actor: 'crm-admin' }) },
  { name: names.linkedinAdmin, query: queryOf({ actor: 'linkedin-admin' }) },
  { name: names.new, query: queryOf({ change: 'new' }) },
  { name: names.cameBack, query: queryOf({ change: 'came-back' }) },
];

/** The same filters in the same order, whatever page of them is shown. */
function normal(query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  kept.delete('cursor');
  kept.sort();
  return `${kept}`;
}

/** Lists that are opened again and again: a few for everybody, and one's own. The server has no place for them, so this browser keeps them. */
export function Views({ query, overview: { workspace, contract } }: { query: URLSearchParams; overview: Overview }) {
  const words = text.people;
  const [own, setOwn] = useLocalStorage<readonly View[]>({
    key: `seatmatch.views.${workspace.id}.${contract.id}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const [naming, { open, close }] = useDisclosure();
  const [name, setName] = useState('');
  const now = normal(query);
  const isShown = (view: View) => normal(new URLSearchParams(view.query)) === now;
  const current = own.find(isShown);
  const taken = [...given, ...own].some((view) => view.name.toLowerCase() === name.trim().toLowerCase());
  return (
    <nav aria-label={words.views} className="views">
      <ul className="plain-list">
        {[...given, ...own].map((view) => (
          <li key={view.name}>
            <Link
              to={view.query ? `/people?${view.query}` : '/people'}
              className="view"
              {...(isShown(view) ? { 'aria-current': 'page' } : {})}
            >
              <bdi>{view.name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      {current ? (
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() => {
            setOwn(own.filter((view) => view !== current));
            notifications.show({ message: words.viewRemoved(current.name), color: 'teal' });
          }}
        >
          {words.removeView(current.name)}
        </Button>
      ) : (
        !given.some(isShown) && (
          <Button variant="subtle" size="compact-sm" leftSection={<IconBookmark size={14} aria-hidden />} onClick={open}>
            {words.saveView}
          </Button>
        )
      )}
      <Dialog opened={naming} onClose={close} title={words.saveView}>
        <Stack
          component="form"
          onSubmit={(event) => {
            event.preventDefault();
            setOwn([...own, { name: name.trim(), query: now }]);
            notifications.show({ message: words.viewSaved(name.trim()), color: 'teal' });
            setName('');
            close();
          }}
        >
          <TextInput
            label={words.viewName}
            value={name}
            maxLength={60}
            required
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Text size="sm" c="dimmed">
            {words.viewHint}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.common.cancel}
            </Button>
            <Button type="submit" disabled={name.trim() === '' || taken}>
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </nav>
  );
}
