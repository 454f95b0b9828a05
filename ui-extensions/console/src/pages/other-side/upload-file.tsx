import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconTransferIn } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { DemoCenter, DemoUpload } from '../../../../../server/api.ts';
import { bringProofAnywhere, demoResultHref, fetchFile, planFileHref, uploadToDemo } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { FileDrop } from '../../components/file-drop.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { Said, useBring } from './bring.tsx';
import { useOtherSide } from './use-other-side.ts';

/** Where Admin Center takes an upload file: dropped, or the very file that was just downloaded from a job. */
export function UploadFile({ center }: { center: DemoCenter }) {
  const action = useOtherSide();
  const jobs = useQuery(queries.jobs);
  const uploaded = new Set(center.uploads.map(({ name }) => name));
  const ready = (jobs.data?.rows ?? []).flatMap(({ planId, title, tasks }) =>
    tasks
      .filter(
        ({ state, route, isOpen, name }) =>
          isOpen && route === 'files' && (state === 'downloaded' || state === 'said-to-be-uploaded') && !uploaded.has(name),
      )
      .map(({ name }) => ({ planId, title, name })),
  );
  const upload = ([file]: File[]) => {
    if (file) action.mutate(() => uploadToDemo(file));
  };
  return (
    <Section title={text.otherSide.upload} lead={text.otherSide.uploadLead}>
      <Stack gap="md">
        {ready.map(({ planId, title, name }) => (
          <div key={name} className="other-side-ready">
            <div>
              <Text size="sm">{text.otherSide.justDownloaded}</Text>
              <Text fw={600} className="wrap marked-email">
                {name}
              </Text>
              <Text size="sm" c="dimmed">
                {title}
              </Text>
            </div>
            <Button
              color="indigo"
              loading={action.isPending}
              onClick={() => action.mutate(async () => uploadToDemo(await fetchFile(planFileHref(planId, name))))}
            >
              {text.otherSide.uploadIt}
              <span className="visually-hidden">: {name}</span>
            </Button>
          </div>
        ))}
        <FileDrop
          title={text.otherSide.drop}
          label={text.otherSide.choose}
          reading={text.otherSide.working}
          loading={action.isPending}
          onFiles={upload}
        />
        {action.error && <ProblemPanel error={action.error} what={text.otherSide.refused} />}
        {center.uploads.length > 0 && (
          <div>
            <Text component="h3" size="sm" fw={600} c="dimmed">
              {text.otherSide.uploads}
            </Text>
            <ul className="plain-list divided other-side-rows">
              {center.uploads.map((one, index) => (
                <Upload key={one.number} upload={one} isNewest={index === 0} />
              ))}
            </ul>
          </div>
        )}
      </Stack>
    </Section>
  );
}

function Upload({ upload, isNewest }: { upload: DemoUpload; isNewest: boolean }) {
  const bring = useBring();
  const href = demoResultHref(upload.number);
  return (
    <li>
      <div>
        <Text fw={600} className="wrap marked-email">
          {upload.name}
        </Text>
        <Text size="sm" c="dimmed" className="number">
          {text.otherSide.counts(upload)} · <Time iso={upload.at} precise />
        </Text>
        {upload.critical && (
          <Text size="sm">
            {text.otherSide.critical} {upload.critical}
          </Text>
        )}
      </div>
      {upload.hasResult && (
        <Group gap="xs">
          <Button component="a" href={href} download size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />}>
            {text.otherSide.result}
            <span className="visually-hidden">: {upload.name}</span>
          </Button>
          <Button
            size="xs"
            variant={isNewest ? 'filled' : 'default'}
            leftSection={<IconTransferIn size={14} aria-hidden />}
            loading={bring.isPending}
            onClick={() => bring.mutate(async () => bringProofAnywhere(await fetchFile(href), null))}
          >
            {text.otherSide.bringResult}
            <span className="visually-hidden">: {upload.name}</span>
          </Button>
        </Group>
      )}
      <Said bring={bring} />
    </li>
  );
}
