import { useMutation, useQueryClient } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';

/** Does something at LinkedIn. An answer that is Admin Center itself is shown at once; everything else may have changed with it. */
export function useOtherSide() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: (answer) => {
      if (typeof answer === 'object' && answer !== null && 'nextCrmJob' in answer)
        client.setQueryData(queries.demoCenter.queryKey, answer as never);
    },
    onSettled: () => client.invalidateQueries(),
  });
}
