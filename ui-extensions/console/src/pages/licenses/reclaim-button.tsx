import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { planReclaim } from '../../api/client.ts';
import { text } from '../../text.ts';

/** Begins a plan that takes the licenses of all leavers back and goes to its review; nothing happens before it is approved there. */
export function ReclaimButton() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => planReclaim(null),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['plans'] });
      return navigate(`/plans/${id}`);
    },
    onError: (error) => notifications.show({ title: text.plans.startFailed, message: error.message, color: 'red' }),
  });
  return (
    <Button size="xs" leftSection={<IconArrowBackUp size={14} aria-hidden />} loading={start.isPending} onClick={() => start.mutate()}>
      {text.licenses.reclaim}
    </Button>
  );
}
