import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { planHandOver } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

/** "Hand this license to …": begins a plan and goes to its review; nothing happens before it is approved there. */
export function HandOver({ licenseId, name }: { licenseId: string; name: string }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconArrowsExchange size={16} aria-hidden />} onClick={open}>
        {text.handOver.button}
      </Button>
      <Dialog opened={opened} onClose={close} title={text.handOver.title(name)}>
        <Choose licenseId={licenseId} onClose={close} />
      </Dialog>
    </>
  );
}

function Choose({ licenseId, onClose }: { licenseId: string; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const [successor, setSuccessor] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(queries.successors(search));
  const navigate = useNavigate();
  const client = useQueryClient();
  const plan = useMutation({
    mutationFn: (chosen: string) => planHandOver(licenseId, chosen),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['plans'] });
      return navigate(`/plans/${id}`);
    },
  });
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (successor !== null) plan.mutate(successor);
      }}
    >
      <Text size="sm" c="dimmed">
        {text.handOver.body}
      </Text>
      <TextInput
        label={text.handOver.search}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setSuccessor(null);
        }}
        data-autofocus
      />
      {error && !data ? (
        <ProblemPanel error={error} what={text.handOver.failed} onRetry={refetch} />
      ) : data?.rows.length === 0 ? (
        <Text size="sm" role="status">
          {text.handOver.nobody}
        </Text>
      ) : (
        <Radio.Group label={text.handOver.who} value={successor} onChange={setSuccessor}>
          <Stack gap="xs" mt={6} mah={260} style={{ overflowY: 'auto' }}>
            {data?.rows.map(({ licenseId: id, email, uniqueUserId }) => (
              <Radio
                key={id}
                value={id}
                label={
                  <span className="wrap">
                    <bdi>{email}</bdi>
                    {uniqueUserId && ` · ${uniqueUserId}`}
                  </span>
                }
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {plan.error && <ProblemPanel error={plan.error} what={text.handOver.planFailed} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" disabled={successor === null} loading={plan.isPending}>
          {text.handOver.plan}
        </Button>
      </Group>
    </Stack>
  );
}
