import { Alert, Button, FileButton, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ProofOutcome } from '../../../../../server/api.ts';
import { bringProofAnywhere } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { useDropAnywhere } from './use-drop-anywhere.ts';

/** What was brought, and which repairs it said something of. */
export interface FoundJobs {
  readonly name: string;
  readonly rows: readonly ProofOutcome[];
}

/** Takes a file to the repair whose rows it has, from a page that is none's. */
export function useFindJob() {
  const client = useQueryClient();
  const [found, setFound] = useState<FoundJobs | null>(null);
  const bring = useMutation({
    mutationFn: (file: File) => bringProofAnywhere(file, null),
    onMutate: () => setFound(null),
    onSuccess: ({ rows }, { name }) => setFound({ name, rows }),
    onSettled: () => client.invalidateQueries(),
  });
  const take = ([file]: readonly File[]): void => {
    if (file) bring.mutate(file);
  };
  return { found, bring, take };
}

/** Says what a file was and what it showed, and leads on. */
export function FoundJob({ found, title }: { found: FoundJobs; title: string }) {
  const [first] = found.rows;
  return (
    <Alert data-tone="teal" className="banner" radius="lg" icon={<IconCircleCheck aria-hidden />} title={title} role="status">
      <Stack gap="xs" align="flex-start">
        {found.rows.flatMap(({ planId, sentences }) =>
          sentences.map((sentence) => (
            <Text size="sm" key={planId + sentence}>
              {sentence}
            </Text>
          )),
        )}
        {first && (
          <Button component={Link} to={`/plans/${first.planId}/job`} size="xs">
            {text.job.openJob(found.rows.length)}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Somewhere to drop a proof, or to choose it by hand, on a page of no repair in particular: it finds its own. */
export function FindJob() {
  const { found, bring, take } = useFindJob();
  const isOver = useDropAnywhere(take);
  return (
    <Stack gap="md" align="stretch">
      <div>
        <FileButton onChange={(file) => take(file ? [file] : [])} inputProps={{ 'aria-label': text.job.bringFile }}>
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<IconFileUpload size={14} aria-hidden />} loading={bring.isPending}>
              {text.job.bringFile}
            </Button>
          )}
        </FileButton>{' '}
        <Text span size="sm" c="dimmed">
          {text.job.bringFileHint}
        </Text>
      </div>
      {isOver && (
        <div className="drop-anywhere" aria-hidden>
          {text.job.dropAnywhere}
        </div>
      )}
      {bring.error && (
        <div>
          <ProblemPanel error={bring.error} what={text.job.proofRefused} />
          <Text size="sm" mt="xs">
            <Link to="/compare">{text.job.orCompare}</Link>
          </Text>
        </div>
      )}
      {found && <FoundJob found={found} title={text.job.belongsTo(found.name, found.rows.length)} />}
    </Stack>
  );
}
