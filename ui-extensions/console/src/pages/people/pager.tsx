import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { text } from '../../text.ts';

export const pageSize = 50;

/** Cursors of the pages before this one travel in the history entry; a link opened from elsewhere has none and offers the first page. */
const trailOf = (state: unknown): readonly string[] | null => {
  const trail = (state as { trail?: unknown } | null)?.trail;
  return Array.isArray(trail) && trail.every((cursor) => typeof cursor === 'string') ? trail : null;
};

export function Pager({
  query,
  people,
}: {
  query: URLSearchParams;
  people: { readonly rows: readonly unknown[]; readonly total: number; readonly next: string | null };
}) {
  const { state } = useLocation();
  const cursor = query.get('cursor');
  const trail = cursor ? trailOf(state) : [];
  if (!people.next && !cursor) return null;
  const at = (to: string | null): string => {
    const next = new URLSearchParams(query);
    next.delete('cursor');
    if (to) next.set('cursor', to);
    return `?${next}`;
  };
  const first = trail ? trail.length * pageSize + 1 : null;
  return (
    <Group component="nav" aria-label={text.people.pages} justify="space-between" mt="md">
      <Text size="sm" c="dimmed" className="number">
        {first ? text.people.range(first, first + people.rows.length - 1, people.total) : text.people.found(people.total)}
      </Text>
      <Group gap="xs">
        {cursor && !trail && (
          <Button component={Link} to={at(null)} variant="default" size="sm" leftSection={<IconChevronsLeft size={16} aria-hidden />}>
            {text.people.firstPage}
          </Button>
        )}
        {trail && trail.length > 0 && (
          <Button
            component={Link}
            to={at(trail.at(-1) || null)}
            state={{ trail: trail.slice(0, -1) }}
            variant="default"
            size="sm"
            leftSection={<IconChevronLeft size={16} aria-hidden />}
          >
            {text.people.previous}
          </Button>
        )}
        {people.next && (
          <Button
            component={Link}
            to={at(people.next)}
            state={trail ? { trail: [...trail, cursor ?? ''] } : null}
            variant="default"
            size="sm"
            rightSection={<IconChevronRight size={16} aria-hidden />}
          >
            {text.people.next}
          </Button>
        )}
      </Group>
    </Group>
  );
}
