import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing here yet: why, and the one thing to do about it. */
export function EmptyState({ icon, title, children, action }: { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="sm" className="empty-state">
      <div className="empty-icon" aria-hidden>
        {icon}
      </div>
      <Title order={2} ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw="56ch" component="div">
        {children}
      </Text>
      {action}
    </Stack>
  );
}
