import { Button, Group, NumberInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconWorldWww } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { DomainChange } from '../../../../../server/api.ts';
import { createPlan, domainReportHref, endDomainChange, startDomainChange } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDate, formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** A merger or a new name: both domains are valid for a while, and licenses follow in waves. */
export function DomainChangesPage() {
  const { data, error, refetch } = useQuery(queries.domainChanges);
  const [opened, { open, close }] = useDisclosure();
  const start = <Button onClick={open}>{text.domainChanges.start}</Button>;
  return (
    <Page title={text.domainChanges.title} lead={text.domainChanges.lead} actions={data && data.rows.length > 0 && start}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.domainChanges.failed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[320]} />
      ) : data.rows.length === 0 ? (
        <EmptyState icon={<IconWorldWww size={28} />} title={text.domainChanges.emptyTitle} action={start}>
          {text.domainChanges.emptyBody}
        </EmptyState>
      ) : (
        <Stack gap="lg">
          {data.rows.map((change) => (
            <Change key={change.id} change={change} />
          ))}
        </Stack>
      )}
      <Dialog opened={opened} onClose={close} title={text.domainChanges.start}>
        <Start onClose={close} />
      </Dialog>
    </Page>
  );
}

/** Domains are one of the settings, and the to-do list names those that are over. */
function useAgain() {
  const client = useQueryClient();
  return () => Promise.all(['domain-changes', 'overview', 'settings'].map((first) => client.invalidateQueries({ queryKey: [first] })));
}

function Change({ change }: { change: DomainChange }) {
  const { id, old, current, startsOn, endsOn, author, sentence, places, forecast, nextWave } = change;
  const navigate = useNavigate();
  const again = useAgain();
  const plan = useMutation({
    mutationFn: () => createPlan({ licenseIds: nextWave, mode: 'email-first' }),
    onSuccess: (made) => navigate(`/plans/${made.id}`),
  });
  const end = useMutation({ mutationFn: () => endDomainChange(id), onSuccess: again });
  const failed = plan.error ?? end.error;
  return (
    <Section title={text.domainChanges.of(old, current)} lead={text.domainChanges.valid(formatDate(startsOn), formatDate(endsOn), author)}>
      <Stack gap="md">
        <Text fw={600}>{sentence}</Text>
        <DataTable
          caption={text.domainChanges.of(old, current)}
          rows={places}
          rowKey={({ place }) => place}
          columns={[
            { heading: text.domainChanges.where, cell: ({ label }) => label },
            { heading: text.domainChanges.now, isNumber: true, cell: ({ count }) => formatNumber(count) },
            { heading: text.domainChanges.atStart, isNumber: true, cell: ({ atStart }) => formatNumber(atStart) },
          ]}
        />
        <div>
          <Title order={3}>{text.domainChanges.forecast}</Title>
          <Text size="sm" mt={4}>
            {forecast.sentence}
          </Text>
          {forecast.waves.length > 0 && (
            <ol className="plan-steps">
              {forecast.waves.slice(0, 10).map(({ number, people, on }) => (
                <li key={number}>{text.domainChanges.wave(people, formatDate(on))}</li>
              ))}
            </ol>
          )}
        </div>
        {failed && <ProblemPanel error={failed} what={text.error.action} />}
        <Group gap="sm">
          {nextWave.length > 0 && (
            <Button loading={plan.isPending} onClick={() => plan.mutate()}>
              {text.domainChanges.plan(nextWave.length)}
            </Button>
          )}
          <Button component="a" href={domainReportHref(id)} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            {text.domainChanges.report}
          </Button>
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
            {text.domainChanges.end}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

function Start({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ old: '', current: '', days: 90, perWave: 50 });
  const again = useAgain();
  const begin = useMutation({
    mutationFn: () => startDomainChange(draft),
    onSuccess: async () => {
      await again();
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin.mutate();
  };
  const number = (value: string | number): number => (typeof value === 'number' ? value : 0);
  return (
    <Stack component="form" onSubmit={submit}>
      <Text size="sm">{text.domainChanges.startBody}</Text>
      <TextInput
        label={text.domainChanges.old}
        placeholder="old.example"
        required
        value={draft.old}
        onChange={(event) => setDraft({ ...draft, old: event.currentTarget.value })}
        data-autofocus
      />
      <TextInput
        label={text.domainChanges.current}
        placeholder="new.example"
        required
        value={draft.current}
        onChange={(event) => setDraft({ ...draft, current: event.currentTarget.value })}
      />
      <NumberInput
        label={text.domainChanges.days}
        required
        min={1}
        max={730}
        value={draft.days}
        onChange={(value) => setDraft({ ...draft, days: number(value) })}
      />
      <NumberInput
        label={text.domainChanges.perWave}
        required
        min={1}
        max={10_000}
        value={draft.perWave}
        onChange={(value) => setDraft({ ...draft, perWave: number(value) })}
      />
      {begin.error && <ProblemPanel error={begin.error} what={text.error.action} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" loading={begin.isPending}>
          {text.domainChanges.begin}
        </Button>
      </Group>
    </Stack>
  );
}
