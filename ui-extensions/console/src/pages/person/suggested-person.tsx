import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Suggestion } from '../../../../../server/api.ts';
import { markHidden } from '../../components/mark-differences.ts';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { text } from '../../text.ts';

/** A CRM user who may be the owner, with what tells them from a namesake. */
export function SuggestedPerson({ suggestion, children }: { suggestion: Suggestion; children?: ReactNode }) {
  return (
    <>
      <div className="suggestion-body">
        <Text fw={600}>
          <bdi>{suggestion.name || text.common.noName}</bdi>
        </Text>
        <MarkedEmail runs={markHidden(suggestion.email)} />
        <Text size="sm" c="dimmed" mt={2}>
          {suggestion.evidence.join(' · ')}
        </Text>
      </div>
      {children}
    </>
  );
}
