import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Job } from '../../../../../server/api.ts';

/** Does something about a plan and reads again what it changed; an answer that is the job itself is shown at once. */
export function usePlanAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: (answer) => {
      if (isJob(answer)) client.setQueryData(['jobs', id], answer);
    },
    onSettled: () =>
      Promise.all(
        ['plans', 'plan', 'jobs', 'rematches', 'rematch', 'alarms', 'overview'].map((first) =>
          client.invalidateQueries({ queryKey: [first] }),
        ),
      ),
  });
}

const isJob = (answer: unknown): answer is Job => typeof answer === 'object' && answer !== null && 'tasks' in answer;
