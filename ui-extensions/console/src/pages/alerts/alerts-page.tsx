import './alerts.css';

import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { AlertChannels } from './alert-channels.tsx';
import { AlertDeliveries } from './alert-deliveries.tsx';
import { AlertEvents } from './alert-events.tsx';
import { AlertStates } from './alert-states.tsx';

/** What is watched, how it stands, over which channels it is told, and what became of each message. */
export function AlertsPage() {
  const alerts = useQuery(queries.alerts);
  const settings = useQuery(queries.settings);
  const { data } = alerts;
  const error = alerts.error ?? settings.error;
  return (
    <Page title={text.nav.alerts} lead={text.alerts.lead}>
      {error && (!data || !settings.data) ? (
        <ProblemPanel error={error} what={text.alerts.failed} onRetry={() => Promise.all([alerts.refetch(), settings.refetch()])} />
      ) : !data || !settings.data ? (
        <Loading heights={[120, 300, 200]} />
      ) : (
        <Stack gap="lg">
          <AlertStates alerts={data} />
          <AlertEvents alerts={data} settings={settings.data} />
          <AlertChannels alerts={data} />
          <AlertDeliveries />
        </Stack>
      )}
    </Page>
  );
}
