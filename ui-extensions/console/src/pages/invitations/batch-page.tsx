import './invitations.css';

import { Anchor, Breadcrumbs, Button, Checkbox, Group, Progress, Stack, Text } from '@mantine/core';
import { IconExternalLink, IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Batch } from '../../../../../server/api.ts';
import { batchPeopleHref, discardBatch, tickBatchStep } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Loading } from '../../components/loading.tsx';
import { OpenOnDesktop } from '../../components/open-on-desktop.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDateTime } from '../../components/time.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { text } from '../../text.ts';
import { BatchBadge } from './batches.tsx';

/** Invitations that are sent again by hand in Admin Center: the steps, whom to tick, and what lists show. */
export function BatchPage() {
  const { id = '' } = useParams();
  const words = text.invitations;
  const { data: batch, error, refetch } = useQuery(queries.batch(id));
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  const crumbs = (
    <Breadcrumbs component="nav" aria-label={text.person.breadcrumb}>
      <Anchor component={Link} to="/invitations" size="sm">
        {text.nav.invitations}
      </Anchor>
      <Text size="sm" c="dimmed">
        {batch?.label ?? '…'}
      </Text>
    </Breadcrumbs>
  );
  return (
    <Page
      above={crumbs}
      title={batch ? `${batch.label}, ${text.common.people(batch.people)}` : words.batch}
      lead={batch?.sentence}
      actions={batch && <BatchBadge state={batch.state} />}
    >
      {error && !batch ? (
        <ProblemPanel error={error} what={words.failed} onRetry={refetch} />
      ) : !batch ? (
        <Loading heights={[320, 240]} />
      ) : (
        <Stack gap="lg">
          {batch.state === 'open' && <OpenOnDesktop />}
          {batch.state === 'open' && <Steps batch={batch} />}
          <Seen batch={batch} />
        </Stack>
      )}
    </Page>
  );
}

function Steps({ batch }: { batch: Batch }) {
  const words = text.invitations;
  const client = useQueryClient();
  const keep = (after: Batch) => {
    client.setQueryData(queries.batch(batch.id).queryKey, after);
    void client.invalidateQueries({ queryKey: ['invitations'] });
  };
  const tick = useMutation({
    mutationFn: ({ step, done }: { step: number; done: boolean }) => tickBatchStep(batch.id, step, done),
    onSuccess: keep,
  });
  const discard = useMutation({ mutationFn: () => discardBatch(batch.id), onSuccess: keep });
  const done = batch.steps.filter((step) => step.tick !== null).length;
  return (
    <Section title={words.steps} lead={words.stepsLead}>
      <Progress value={(100 * done) / batch.steps.length} mb="md" aria-label={words.stepsDone(done, batch.steps.length)} color="petrol" />
      <Stack component="ol" gap="sm" className="plain-list">
        {batch.steps.map((step, k) => (
          <li key={step.sentence}>
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <Checkbox
                label={step.sentence}
                description={step.tick ? words.tickedBy(step.tick.by, formatDateTime(step.tick.at)) : undefined}
                checked={step.tick !== null}
                disabled={tick.isPending}
                onChange={(event) => tick.mutate({ step: k + 1, done: event.currentTarget.checked })}
              />
              {step.href && (
                <Anchor href={step.href} target="_blank" rel="noreferrer" size="sm">
                  {words.openThere} <IconExternalLink size={14} className="inline-icon" aria-hidden />
                  <span className="visually-hidden">: {step.sentence}</span>
                </Anchor>
              )}
            </Group>
          </li>
        ))}
      </Stack>
      {tick.error && <ProblemPanel error={tick.error} what={text.error.action} />}
      {discard.error && <ProblemPanel error={discard.error} what={text.error.action} />}
      <Group mt="md" gap="sm">
        <Button
          component={Link}
          to="/compare"
          variant={batch.doneAt ? 'filled' : 'default'}
          leftSection={<IconFileUpload size={16} aria-hidden />}
        >
          {words.bringExport}
        </Button>
        <Button variant="subtle" color="gray" loading={discard.isPending} onClick={() => discard.mutate()}>
          {words.discard}
        </Button>
      </Group>
    </Section>
  );
}

function Seen({ batch }: { batch: Batch }) {
  const words = text.invitations;
  return (
    <Section
      title={words.whom}
      lead={words.seen(batch.settled, batch.people)}
      flush
      action={
        <Anchor href={batchPeopleHref(batch.id)} download size="sm">
          {words.downloadPeople}
        </Anchor>
      }
    >
      <DataTable
        caption={words.whom}
        rows={batch.rows}
        rowKey={({ invitationId }) => invitationId}
        columns={[
          { heading: text.people.person, cell: ({ name }) => <bdi>{name}</bdi> },
          { heading: words.email, cell: ({ email }) => <span className="wrap">{email}</span> },
          { heading: words.lists, cell: ({ sentence }) => sentence },
        ]}
      />
    </Section>
  );
}
