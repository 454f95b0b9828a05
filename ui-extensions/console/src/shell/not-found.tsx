import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link, useRouteError } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { Page } from '../components/page.tsx';
import { ProblemPanel } from '../components/problem-panel.tsx';
import { text } from '../text.ts';

export function NotFound() {
  return (
    <Page title={text.notFound.title}>
      <EmptyState
        icon={<IconMapOff />}
        title={text.notFound.heading}
        action={
          <Button component={Link} to="/">
            {text.notFound.action}
          </Button>
        }
      >
        {text.notFound.body}
      </EmptyState>
    </Page>
  );
}

/** A fault of the page itself, not of the server. */
export function Crash() {
  const error = useRouteError();
  return (
    <Page title={text.error.page}>
      <ProblemPanel error={error} what={text.error.page} onRetry={() => window.location.reload()} />
    </Page>
  );
}
