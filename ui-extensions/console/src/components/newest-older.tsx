import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';

/** The way through a list that comes newest first, a page at a time. Cursors are null at its ends. */
export function NewestOlder({
  to,
  cursor,
  next,
  words,
}: {
  to: string;
  /** Of the page shown. */
  cursor: string | null;
  /** Of the page after it. */
  next: string | null;
  words: { readonly newest: string; readonly older: string };
}) {
  return (
    <Group justify="flex-end">
      {cursor && (
        <Button component={Link} to={to} variant="default">
          {words.newest}
        </Button>
      )}
      {next && (
        <Button component={Link} to={`${to}?cursor=${encodeURIComponent(next)}`} variant="default">
          {words.older}
        </Button>
      )}
    </Group>
  );
}
