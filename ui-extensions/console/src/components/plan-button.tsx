import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTool } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { RootCause } from '../../../../server/api.ts';
import { createPlan } from '../api/client.ts';
import { text } from '../text.ts';

/** The kinds that a plan can repair: an email at LinkedIn changes. */
const plannable: ReadonlySet<RootCause['repairKind']> = new Set(['domain-change-file', 'email-change-file']);
export const isPlannable = ({ repairKind }: RootCause): boolean => plannable.has(repairKind);

/** Begins a plan for everybody of a root cause and goes to its review; nothing happens before it is approved there. */
export function PlanButton({ cause }: { cause: RootCause }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => createPlan({ rootCause: cause.id }),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['plans'] });
      return navigate(`/plans/${id}`);
    },
    onError: (error) => notifications.show({ title: text.plans.startFailed, message: error.message, color: 'red' }),
  });
  return (
    <Button size="xs" leftSection={<IconTool size={14} aria-hidden />} loading={start.isPending} onClick={() => start.mutate()}>
      {text.plans.start}
      <span className="visually-hidden">: {cause.title}</span>
    </Button>
  );
}
