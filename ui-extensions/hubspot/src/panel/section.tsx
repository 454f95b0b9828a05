import { Flex, Heading, Tile } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';

/** One block with its heading. */
export function Section({ title, children }: { title: string | undefined; children: ReactNode }) {
  return (
    <Tile>
      <Flex direction="column" gap="sm">
        <Heading>{title ?? ''}</Heading>
        {children}
      </Flex>
    </Tile>
  );
}
