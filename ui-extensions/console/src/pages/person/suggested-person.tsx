import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CrmDetail, Suggestion } from '../../../../../server/api.ts';
import { markHidden } from '../../components/mark-differences.ts';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** What tells a person from a namesake; what the CRM list has not is left out. */
const factsOf = ({ crmUserId }: Suggestion, detail: CrmDetail | undefined): (readonly [string, string])[] =>
  (
    [
      [text.person.facts.jobTitle, detail?.title],
      [text.person.facts.team, detail?.team],
      [text.person.facts.manager, detail?.manager],
      [text.person.facts.lastLogin, detail?.lastLogin && formatDate(detail.lastLogin)],
      [text.person.facts.id, crmUserId],
    ] as const
  ).flatMap(([label, value]) => (value ? [[label, value] as const] : []));

/** A CRM user who may be the owner, with what tells them from a namesake. */
export function SuggestedPerson({
  suggestion,
  detail,
  children,
}: {
  suggestion: Suggestion;
  detail: CrmDetail | undefined;
  children?: ReactNode;
}) {
  return (
    <>
      <div className="suggestion-body">
        <Text fw={600}>
          <bdi>{suggestion.name || text.common.noName}</bdi>
        </Text>
        <MarkedEmail runs={markHidden(suggestion.email)} />
        <dl className="suggestion-facts">
          {factsOf(suggestion, detail).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <Text size="sm" c="dimmed" mt={2}>
          {suggestion.evidence.join(' · ')}
        </Text>
      </div>
      {children}
    </>
  );
}
