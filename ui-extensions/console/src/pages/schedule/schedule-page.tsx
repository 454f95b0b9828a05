import './schedule.css';

import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendarTime, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { ScheduleCard } from './schedule-card.tsx';
import { ScheduleDialog } from './schedule-form.tsx';

export function SchedulePage() {
  const { data, error, refetch } = useQuery(queries.schedules);
  const [making, make] = useDisclosure();
  const button = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={make.open}>
      {text.schedule.make}
    </Button>
  );
  return (
    <Page title={text.nav.schedule} lead={text.schedule.lead} actions={data && data.rows.length > 0 && button}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.schedules} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220, 220]} maw={860} />
      ) : data.rows.length === 0 ? (
        <EmptyState icon={<IconCalendarTime size={28} />} title={text.schedule.emptyTitle} action={button}>
          <p>{text.schedule.emptyBody}</p>
          <ol className="schedule-steps">
            {text.schedule.emptySteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </EmptyState>
      ) : (
        <Stack gap="lg" maw={860}>
          {data.rows.map((schedule) => (
            <ScheduleCard key={schedule.id} schedule={schedule} watchDir={data.watchDir} />
          ))}
        </Stack>
      )}
      {data && <ScheduleDialog schedule={null} watchDir={data.watchDir} opened={making} onClose={make.close} />}
    </Page>
  );
}
