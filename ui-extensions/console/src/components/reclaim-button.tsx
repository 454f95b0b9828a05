import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { planReclaim } from '../api/client.ts';
import { text } from '../text.ts';

/**
 * Begins a plan that takes licenses back and goes to its review; nothing happens before it is approved there.
 * @param licenseId of the one leaver; absent: all of them
 */
export function ReclaimButton({ licenseId, label = text.licenses.reclaim }: { licenseId?: string; label?: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => planReclaim(licenseId === undefined ? null : [licenseId]),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['plans'] });
      return navigate(`/plans/${id}`);
    },
    onError: (error) => notifications.show({ title: text.plans.startFailed, message: error.message, color: 'red' }),
  });
  return (
    <Button
      {...(licenseId === undefined ? { size: 'xs' } : { variant: 'default' })}
      leftSection={<IconArrowBackUp size={licenseId === undefined ? 14 : 16} aria-hidden />}
      loading={start.isPending}
      onClick={() => start.mutate()}
    >
      {label}
    </Button>
  );
}
