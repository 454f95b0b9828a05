import { Card, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A titled card: a region that a screen reader can jump to. */
export function Section({
  title,
  lead,
  action,
  children,
  className,
  flush = false,
}: {
  title: ReactNode;
  lead?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Children reach the card's edges (tables, lists). */
  flush?: boolean;
}) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id} {...(className ? { className } : {})} {...(flush ? { pb: 0 } : {})}>
      <Group justify="space-between" align="flex-start" gap="sm" mb={flush ? 'sm' : 'md'}>
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {lead && (
            <Text size="sm" c="dimmed" mt={2} maw="68ch">
              {lead}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {flush ? <div className="flush">{children}</div> : children}
    </Card>
  );
}
