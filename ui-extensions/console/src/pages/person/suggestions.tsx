import { Button } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { Person } from '../../../../../server/api.ts';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import type { ChosenUser } from './crm-user-search.tsx';
import { isConflict } from './identity.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { SuggestedPerson } from './suggested-person.tsx';

/** Nobody knows whose license it is: a person may. */
const ownerUnknown: ReadonlySet<Person['finding']['reason']> = new Set(['ambiguous', 'owner-unconfirmed', 'no-crm-user']);

/** Possible owners, best first. Nothing is decided until a person links one. */
export function Suggestions({ person, runId }: { person: Person; runId: string | null }) {
  const { finding, link } = person;
  const [chosen, setChosen] = useState<ChosenUser | 'search' | null>(null);
  const licenseId = finding.license?.id;
  const isOpen = licenseId !== undefined && link === null && ownerUnknown.has(finding.reason);
  if ((finding.suggestions.length === 0 && !isOpen) || isConflict(person)) return null;
  return (
    <Section
      title={text.person.suggestions}
      lead={finding.suggestions.length > 0 ? text.person.suggestionsLead : text.person.noSuggestions}
      action={
        licenseId && (
          <Button size="xs" variant="default" onClick={() => setChosen('search')}>
            {text.identity.somebodyElse}
          </Button>
        )
      }
      flush
    >
      <ol className="plain-list divided">
        {finding.suggestions.map((suggestion) => (
          <li key={suggestion.crmUserId} className="suggestion">
            <div className="score" title={text.person.score}>
              <span className="score-bar" aria-hidden>
                <span style={{ height: `${suggestion.score * 100}%` }} />
              </span>
              <span className="number">
                <span className="visually-hidden">{text.person.score} </span>
                {suggestion.score.toFixed(2)}
              </span>
            </div>
            <SuggestedPerson suggestion={suggestion} detail={person.suggestionDetails[suggestion.crmUserId]}>
              {licenseId && link?.crmUserId !== suggestion.crmUserId && (
                <Button size="xs" variant="default" leftSection={<IconLink size={14} aria-hidden />} onClick={() => setChosen(suggestion)}>
                  {text.person.link}
                  <span className="visually-hidden">: {suggestion.name}</span>
                </Button>
              )}
            </SuggestedPerson>
          </li>
        ))}
      </ol>
      {licenseId && (
        <LinkDialog
          licenseId={licenseId}
          holder={finding.license?.name || text.common.noName}
          chosen={chosen}
          runId={runId}
          onClose={() => setChosen(null)}
        />
      )}
    </Section>
  );
}
