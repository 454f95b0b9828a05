import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { makeHandOverLink } from '../../api/client.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** "Not you? Send this page": a link for whoever may upload in Admin Center and has no account here. */
export function HandOverLink({ planId, title }: { planId: string; title: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const link = useMutation({ mutationFn: () => makeHandOverLink(planId) });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        leftSection={<IconSend size={14} aria-hidden />}
        onClick={() => {
          open();
          link.mutate();
        }}
      >
        {text.job.sendPage}
      </Button>
      <Dialog opened={opened} onClose={close} title={text.job.sendPage}>
        {link.error ? (
          <ProblemPanel error={link.error} what={text.job.sendFailed} onRetry={() => link.mutate()} />
        ) : !link.data ? (
          <Loading heights={[80]} />
        ) : (
          <Stack gap="sm">
            <Text size="sm">{link.data.sentence}</Text>
            <TextInput label={text.job.sendLink} value={link.data.href} readOnly onFocus={({ currentTarget }) => currentTarget.select()} />
            <Text size="sm" c="dimmed">
              {text.job.sendUntil} <Time iso={link.data.until} precise />
            </Text>
            <Group gap="sm">
              <CopyButton value={link.data.href}>
                {({ copied, copy }) => <Button onClick={copy}>{copied ? text.licenses.copied : text.licenses.copy}</Button>}
              </CopyButton>
              <Button
                component="a"
                variant="default"
                href={`mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(text.job.sendBody(link.data.href))}`}
              >
                {text.job.sendMail}
              </Button>
            </Group>
          </Stack>
        )}
      </Dialog>
    </>
  );
}
