import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ActorMark } from '../../console/src/components/actor-mark.tsx';
import { Dialog } from '../../console/src/components/dialog.tsx';
import { MarkedEmail } from '../../console/src/components/marked-email.tsx';
import { StatusBadge } from '../../console/src/components/status-badge.tsx';
import { ExplanationSection } from '../../console/src/pages/person/explanation-section.tsx';
import { text } from '../../console/src/text.ts';
import type { Questions } from './messages.ts';
import { nameOf } from './people.tsx';
import type { Thread } from './two-file-page.tsx';

/** One person: both emails with what differs marked, what to do, and how the verdict came about. */
export function Person({ thread, row, crmName, onClose }: { thread: Thread; row: number | null; crmName: string; onClose: () => void }) {
  const [person, setPerson] = useState<Questions['person']['answer'] | null>(null);
  useEffect(() => {
    if (row === null) return;
    let isLatest = true;
    void thread.ask('person', row).then((answer) => isLatest && setPerson(answer));
    return () => {
      isLatest = false;
    };
  }, [thread, row]);
  return (
    <Dialog opened={row !== null && person !== null} onClose={onClose} title={person ? nameOf(person.finding) : ''} size={900}>
      {person && <Detail {...person} crmName={crmName} />}
    </Dialog>
  );
}

function Detail({ finding, explanation, crmName }: Questions['person']['answer'] & { crmName: string }) {
  return (
    <>
      <StatusBadge status={finding.status} reason={finding.reason} label={`${text.statuses[finding.status]}: ${finding.label}`} />
      <Text mt="sm">{finding.sentence}</Text>
      <div className="email-stack detail-emails">
        {finding.license && (
          <>
            <span className="side">{text.common.license}</span>
            <MarkedEmail runs={explanation.licenseEmail} notes />
          </>
        )}
        {finding.crmUser && (
          <>
            <span className="side">
              <bdi>{crmName}</bdi>
            </span>
            <MarkedEmail runs={explanation.crmEmail} notes />
          </>
        )}
      </div>
      <Text fw={600}>{finding.nextStep}</Text>
      <ActorMark actor={finding.actor} />
      {finding.changeEvidence.length > 0 && (
        <ul className="evidence">
          {finding.changeEvidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {finding.suggestions.length > 0 && (
        <>
          <h3 className="recipe-title">{text.rules.suggestion}</h3>
          <ul className="evidence">
            {finding.suggestions.map((one) => (
              <li key={one.crmUserId} className="wrap">
                <bdi>{one.name}</bdi>, <bdi>{one.email}</bdi>: {one.evidence.join(' ')}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="detail-explanation">
        <ExplanationSection explanation={explanation} />
      </div>
    </>
  );
}
