import './run-progress.css';

import { Alert, Button, Card, Group, Progress, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCircleX, IconHandStop } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { Question } from '../../../../server/api.ts';
import { answerReconciliation, rejectsHref } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { text } from '../text.ts';
import { ProblemPanel } from './problem-panel.tsx';

/** One run from the queue to its end: progress, the question it may wait with, or why it was refused. */
export function RunProgress({ id, onDone, onAgain }: { id: string; onDone?: () => void; onAgain?: () => void }) {
  const { data: run, error, refetch } = useQuery(queries.run(id));
  const ended = useRef(false);
  useEffect(() => {
    if (run?.state !== 'done' || ended.current) return;
    ended.current = true;
    onDone?.();
  }, [run?.state, onDone]);

  if (error && !run) return <ProblemPanel error={error} what={text.error.run} onRetry={refetch} />;
  if (run?.state === 'held' && run.question) return <Held id={id} question={run.question} />;
  if (run?.state === 'refused')
    return (
      <Alert data-tone="red" className="banner" radius="lg" icon={<IconCircleX aria-hidden />} title={text.run.refused} role="alert">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{run.refusal}</Text>
          <Group gap="xs">
            {onAgain && (
              <Button size="xs" onClick={onAgain}>
                {text.run.otherFiles}
              </Button>
            )}
            {run.rejects && run.rejects.licenses + run.rejects.crm > 0 && (
              <Button component="a" href={rejectsHref(id)} download size="xs" variant="default">
                {text.run.downloadRejects}
              </Button>
            )}
          </Group>
        </Stack>
      </Alert>
    );
  const percent = Math.round((run?.progress ?? 0) * 100);
  return (
    <Card maw={640}>
      <Group justify="space-between" mb="xs">
        <Text fw={600} role="status" aria-live="polite">
          {run?.state === 'done' ? text.run.done : run?.state === 'queued' ? text.run.queued : (run?.phase ?? text.common.loading)}
        </Text>
        <Text className="number" c="dimmed">
          {percent} %
        </Text>
      </Group>
      <Progress.Root size="lg" transitionDuration={200}>
        <Progress.Section value={percent} aria-label={text.shell.progress} />
      </Progress.Root>
      {run && (
        <Text size="sm" c="dimmed" mt="sm" className="wrap">
          <bdi>{run.files.licenses}</bdi> · <bdi>{run.files.crm}</bdi>
        </Text>
      )}
      <Text size="sm" c="dimmed" mt={4}>
        {text.run.leave} <Link to="/runs">{text.nav.runs}</Link>
      </Text>
    </Card>
  );
}

function Held({ id, question }: { id: string; question: Question }) {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const answer = useMutation({
    mutationFn: (choice: 'release' | 'discard') =>
      answerReconciliation(id, { answer: choice, ...(reason.trim() ? { reason: reason.trim() } : {}) }),
    onSuccess: async (run) => {
      client.setQueryData(queries.run(id).queryKey, run);
      await client.invalidateQueries({ queryKey: ['overview'] });
    },
  });
  return (
    <Card maw={640} component="section" aria-labelledby="held" className="held">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconHandStop size={24} stroke={1.6} aria-hidden className="held-icon" />
        <Stack gap="md" flex={1}>
          <div>
            <Title order={2} id="held">
              {text.run.held}
            </Title>
            <Text mt={4}>{question.sentence}</Text>
          </div>
          <TextInput
            label={text.run.why}
            description={text.run.whyHint}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {answer.error && <ProblemPanel error={answer.error} what={text.error.action} />}
          <Group gap="sm">
            {question.choices.map((choice) => (
              <Button
                key={choice.answer}
                variant={choice.answer === 'release' ? 'filled' : 'default'}
                loading={answer.isPending && answer.variables === choice.answer}
                disabled={answer.isPending}
                onClick={() => answer.mutate(choice.answer)}
              >
                {choice.label}
              </Button>
            ))}
          </Group>
        </Stack>
      </Group>
    </Card>
  );
}
