import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import { finishConnection } from '../../api/client.ts';
import { contractLeft } from '../../api/contract-address.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

/** Where a vendor sends an admin back to: the connection is stored and tested, and its page shown. */
export function CallbackPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const begun = useRef(false);
  const finish = useMutation({
    mutationFn: (query: string) => finishConnection(query),
    onSuccess: async ({ name }) => {
      notifications.show({ message: text.connections.saved(name), color: 'teal' });
      await client.invalidateQueries({ queryKey: ['connections'] });
      await navigate('/connections', { replace: true });
    },
  });
  // What came back is good once, however often this is drawn.
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const left = contractLeft();
    if (left !== null) window.location.replace(`/contracts/${left}/connections/callback${window.location.search}`);
    else finish.mutate(window.location.search);
  }, [finish]);
  return (
    <Page title={text.connections.finishing}>
      {finish.error ? (
        <>
          <ProblemPanel error={finish.error} what={text.connections.notFinished} />
          <Button component={Link} to="/connections" replace mt="md" variant="default">
            {text.nav.connections}
          </Button>
        </>
      ) : (
        <Loading heights={[220]} maw={860} />
      )}
    </Page>
  );
}
