import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'react-router';
import { sendLink } from '../api/client.ts';
import { text } from '../text.ts';
import { ProblemPanel } from './problem-panel.tsx';

/** On a phone only: what is done in Admin Center needs a desktop, so this page's link is mailed to wherever one is. */
export function OpenOnDesktop() {
  const { pathname } = useLocation();
  const [opened, { open }] = useDisclosure();
  const [to, setTo] = useState('');
  const send = useMutation({ mutationFn: () => sendLink({ to: to.trim(), path: pathname }) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Alert
      data-tone="petrol"
      className="banner"
      radius="lg"
      hiddenFrom="sm"
      icon={<IconDeviceDesktop aria-hidden />}
      title={text.desktop.title}
    >
      <Stack gap="sm" align="stretch">
        <Text size="sm">{text.desktop.lead}</Text>
        {send.isSuccess ? (
          <Text size="sm" role="status">
            {text.desktop.sent(to)}
          </Text>
        ) : opened ? (
          <Stack component="form" onSubmit={submit} gap="sm">
            <TextInput
              type="email"
              label={text.desktop.to}
              required
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
              data-autofocus
            />
            <Group>
              <Button type="submit" size="xs" loading={send.isPending}>
                {text.desktop.send}
              </Button>
            </Group>
            {send.error && <ProblemPanel error={send.error} what={text.desktop.failed} />}
          </Stack>
        ) : (
          <Group>
            <Button size="xs" variant="default" onClick={open}>
              {text.desktop.button}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
