import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import { text } from '../text.ts';

/** The way through a list a page at a time: forward, and back to its beginning; nothing where one page holds everything. */
export function ListPager({
  query,
  next,
}: {
  /** What the address asks for; `cursor` names the page that is shown. */
  query: URLSearchParams;
  /** Cursor of the page after it; null on the last. */
  next: string | null;
}) {
  const at = (cursor: string | null): string => {
    const address = new URLSearchParams(query);
    address.delete('cursor');
    if (cursor) address.set('cursor', cursor);
    return `?${address}`;
  };
  const isFirst = !query.has('cursor');
  if (isFirst && !next) return null;
  return (
    <Group component="nav" aria-label={text.people.pages} justify="flex-end" gap="xs" className="list-pager">
      {!isFirst && (
        <Button component={Link} to={at(null)} variant="default" size="sm">
          {text.people.firstPage}
        </Button>
      )}
      {next && (
        <Button component={Link} to={at(next)} variant="default" size="sm">
          {text.people.next}
        </Button>
      )}
    </Group>
  );
}
