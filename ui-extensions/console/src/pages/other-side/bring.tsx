import { Anchor, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ProofOutcome } from '../../../../../server/api.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

/** Carries a file over to Seatmatch, as its job page would take it. */
export function useBring() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (bring: () => Promise<{ rows: ProofOutcome[] }>) => bring(),
    onSettled: () => client.invalidateQueries(),
  });
}

/** What Seatmatch says of a file that was carried over. */
export function Said({ bring }: { bring: ReturnType<typeof useBring> }) {
  return (
    <div role="status" className={bring.data || bring.error ? 'full' : 'visually-hidden'}>
      {bring.error && <ProblemPanel error={bring.error} what={text.otherSide.notTaken} />}
      {bring.data && (
        <Stack gap={4} className="other-side-said">
          <Text size="sm" fw={600}>
            {text.otherSide.brought}
          </Text>
          {bring.data.rows.map(({ planId, sentences, already }) => (
            <div key={planId}>
              {already && <Text size="sm">{text.job.already}</Text>}
              {sentences.map((sentence) => (
                <Text size="sm" key={sentence} className="wrap">
                  {sentence}
                </Text>
              ))}
              <Anchor component={Link} to={`/plans/${planId}/job`} size="sm" fw={600}>
                {text.otherSide.toJob}
              </Anchor>
            </div>
          ))}
        </Stack>
      )}
    </div>
  );
}
