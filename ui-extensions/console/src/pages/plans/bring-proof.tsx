import { NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ProofOutcome } from '../../../../../server/api.ts';
import { bringProof } from '../../api/client.ts';
import { FileDrop } from '../../components/file-drop.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { useDropAnywhere } from './use-drop-anywhere.ts';
import { usePlanAction } from './use-plan-action.ts';

/** Takes LinkedIn's result file or an export: only they show what really changed. */
export function BringProof({ planId }: { planId: string }) {
  const action = usePlanAction(planId);
  const [count, setCount] = useState<number | string>('');
  const [outcome, setOutcome] = useState<ProofOutcome | null>(null);
  const bring = ([file]: File[]) => {
    if (!file) return;
    setOutcome(null);
    action.mutate(async () => setOutcome(await bringProof(planId, file, typeof count === 'number' ? count : null)));
  };
  const isOver = useDropAnywhere(bring);
  return (
    <Section title={text.job.proof} lead={text.job.proofLead}>
      <Stack gap="md">
        <NumberInput
          label={text.job.count}
          description={text.job.countHint}
          value={count}
          onChange={setCount}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          maw={420}
        />
        <FileDrop
          title={text.job.dropProof}
          label={text.job.chooseProof}
          reading={text.job.reading}
          loading={action.isPending}
          onFiles={bring}
        />
        {isOver && (
          <div className="drop-anywhere" aria-hidden>
            {text.job.dropAnywhere}
          </div>
        )}
        {action.error && <ProblemPanel error={action.error} what={text.job.proofRefused} />}
        <div role="status">
          {outcome?.already && <Text>{text.job.already}</Text>}
          {outcome?.sentences.map((sentence) => (
            <Text key={sentence}>{sentence}</Text>
          ))}
        </div>
      </Stack>
    </Section>
  );
}
