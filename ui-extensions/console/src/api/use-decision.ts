import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { text } from '../text.ts';
import { repeatReconciliation } from './client.ts';

/** Stores a decision, says so, and reads the person again. */
export function useDecision<Input>(decide: (input: Input) => Promise<unknown>, said: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: async () => {
      notifications.show({ message: said, color: 'teal' });
      await Promise.all(['person', 'decisions'].map((first) => client.invalidateQueries({ queryKey: [first] })));
    },
  });
}

/** Decisions count from the next comparison: this starts it with the same two files. */
export function useCompareAgain(runId: string | null) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => repeatReconciliation(runId!),
    onSuccess: (run) => navigate(`/compare?run=${run.id}`),
    onError: (error) => notifications.show({ title: text.error.compare, message: error.message, color: 'red' }),
  });
}
