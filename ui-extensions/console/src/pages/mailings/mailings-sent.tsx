import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { MailingState } from './mailing-state.tsx';

/** Messages to several people and how far each is; nothing where there are none. */
export function MailingsSent() {
  const { data } = useQuery(queries.mailings);
  if (!data || data.rows.length === 0) return null;
  return (
    <Section title={text.mailings.title} lead={text.mailings.lead}>
      <ul className="plain-list divided">
        {data.rows.map((message) => (
          <li key={message.id} style={{ paddingBlock: 'var(--mantine-spacing-sm)' }}>
            <Text fw={600}>{message.subject}</Text>
            <Text size="sm" c="dimmed" mb="xs">
              {message.audience} · {text.mailings.kinds[message.kind]} · {message.author}, <Time iso={message.at} precise />
              {message.leftOut > 0 && ` · ${text.invitations.skipped(message.leftOut)}`}
            </Text>
            <MailingState message={message} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
