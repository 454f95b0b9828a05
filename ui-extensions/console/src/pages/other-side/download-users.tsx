import { Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowsDiff, IconDownload, IconTransferIn } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { DemoCenter } from '../../../../../server/api.ts';
import { bringProofAnywhere, compareDemo, demoExportHref, fetchFile } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { Said, useBring } from './bring.tsx';

/** What Admin Center shows of its users, as files to drop in Seatmatch, or carried over at once. */
export function DownloadUsers({ center }: { center: DemoCenter }) {
  const { people, activated, invited, none } = center.counts;
  const bring = useBring();
  const navigate = useNavigate();
  const compare = useMutation({ mutationFn: compareDemo, onSuccess: ({ id }) => navigate(`/compare?run=${id}`) });
  const exports = [
    ['all', people],
    ['activated', activated],
    ['invited', invited],
    ['none', none],
  ] as const;
  return (
    <Section title={text.otherSide.download} lead={text.otherSide.downloadLead}>
      <Stack gap="md" align="flex-start">
        <Group gap="xs">
          {exports.map(([license, count]) => (
            <Button
              key={license}
              component="a"
              href={demoExportHref(license)}
              download
              size="xs"
              variant="default"
              disabled={count === 0}
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              {text.otherSide.exports[license](count)}
            </Button>
          ))}
        </Group>
        <Text size="sm" c="dimmed" maw="68ch">
          {text.otherSide.compareLead}
        </Text>
        <Group gap="sm">
          <Button leftSection={<IconArrowsDiff size={16} aria-hidden />} loading={compare.isPending} onClick={() => compare.mutate()}>
            {text.otherSide.compare}
          </Button>
          <Button
            variant="default"
            leftSection={<IconTransferIn size={16} aria-hidden />}
            loading={bring.isPending}
            onClick={() => bring.mutate(async () => bringProofAnywhere(await fetchFile(demoExportHref('all')), people))}
          >
            {text.otherSide.bringExport}
          </Button>
        </Group>
        {compare.error && <ProblemPanel error={compare.error} what={text.error.compare} />}
        <Said bring={bring} />
      </Stack>
    </Section>
  );
}
