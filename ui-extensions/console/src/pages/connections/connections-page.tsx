import './connections.css';

import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconPlugConnected, IconPlus, IconSparkles } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { ConnectionCard } from './connection-card.tsx';
import { ConnectionDialog } from './connection-form.tsx';
import { Feeds } from './feeds.tsx';
import { Panels } from './panels.tsx';

export function ConnectionsPage() {
  const { data, error, refetch } = useQuery(queries.connections);
  const [making, make] = useDisclosure();
  const button = data?.canStore && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={make.open}>
      {text.connections.make}
    </Button>
  );
  return (
    <Page title={text.nav.connections} lead={text.connections.lead} actions={data && data.rows.length > 0 && button}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.connections} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220, 220]} maw={860} />
      ) : (
        <Stack gap="lg" maw={860}>
          {!data.canStore && (
            <Alert
              data-tone="orange"
              radius="lg"
              className="banner"
              icon={<IconAlertTriangle aria-hidden />}
              title={text.connections.cannotStore}
            >
              <Text size="sm">{text.connections.cannotStoreHint}</Text>
            </Alert>
          )}
          {data.fault !== null && (
            <Alert
              data-tone="orange"
              radius="lg"
              className="banner"
              icon={<IconAlertTriangle aria-hidden />}
              title={text.connections.fileFault}
            >
              <Text size="sm" className="wrap file-fault">
                {data.fault}
              </Text>
            </Alert>
          )}
          {data.rows.some(({ simulated }) => simulated) && (
            <Alert
              data-tone="petrol"
              radius="lg"
              className="banner"
              icon={<IconSparkles aria-hidden />}
              title={text.connections.simulatedTitle(data.rows.every(({ simulated }) => simulated))}
            >
              <Text size="sm">{text.connections.simulatedBody}</Text>
            </Alert>
          )}
          {data.rows.length === 0 ? (
            <EmptyState icon={<IconPlugConnected size={28} />} title={text.connections.emptyTitle} action={button}>
              <p>{text.connections.emptyBody}</p>
            </EmptyState>
          ) : (
            data.rows.map((connection) => <ConnectionCard key={connection.id} connection={connection} kinds={data.kinds} />)
          )}
          <Panels />
          <Feeds />
        </Stack>
      )}
      {data && <ConnectionDialog connection={null} kinds={data.kinds} opened={making} onClose={make.close} />}
    </Page>
  );
}
