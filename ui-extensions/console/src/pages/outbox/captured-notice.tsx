import { Alert, Text } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import type { Mails } from '../../../../../server/api.ts';
import { text } from '../../text.ts';

/** Whether mail leaves this machine, in one sentence. */
export function CapturedNotice({ mails }: { mails: Pick<Mails, 'captured' | 'from'> }) {
  if (mails.captured === null) {
    return (
      <Text size="sm" c="dimmed">
        {text.outbox.sentFrom(mails.from ?? '')}
      </Text>
    );
  }
  return (
    <Alert
      data-tone={mails.captured === 'demo' ? 'petrol' : 'yellow'}
      variant="light"
      icon={<IconInbox size={18} aria-hidden />}
      className="banner"
    >
      <Text size="sm">{text.outbox.captured[mails.captured]}</Text>
    </Alert>
  );
}
