import type { ReactNode } from 'react';
import type { Person } from '../../../../../server/api.ts';
import { Section } from '../../components/section.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** What both sides hold about this person, as written there. */
export function Facts({ person: { finding, crmDetail }, crmName }: { person: Person; crmName: string }) {
  const { license, crmUser, observed } = finding;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ...(license
      ? ([
          [text.person.facts.licenses, license.licenses.join(', ')],
          [text.person.facts.licenseStatus, license.status],
          [text.person.facts.uniqueUserId, license.uniqueUserId],
          [text.person.facts.seatId, license.seatId],
        ] as const)
      : []),
    ...(crmUser ? ([[text.person.facts.crmId(crmName), crmUser.id]] as const) : []),
    ...(crmDetail
      ? ([
          [text.person.facts.jobTitle, crmDetail.title],
          [text.person.facts.team, crmDetail.team],
          [text.person.facts.manager, crmDetail.manager],
          [text.person.facts.lastLogin, crmDetail.lastLogin && formatDate(crmDetail.lastLogin)],
        ] as const)
      : []),
    ...[...Map.groupBy(finding.otherCrmUsers, (user) => user.crmName)].map(
      ([other, users]) =>
        [
          text.person.facts.alsoIn(other),
          users.map(({ name, email, id }) => [name, email, id].filter(Boolean).join(' · ')).join('; '),
        ] as const,
    ),
    [text.person.facts.rule, finding.rule && text.rules[finding.rule]],
    [text.person.facts.confidence, finding.confidence === null ? '' : `${Math.round(finding.confidence * 100)} %`],
    [text.person.facts.predicted, text.verdicts[finding.predicted]],
    [
      text.person.facts.observed,
      observed.verdict === 'unknown'
        ? text.person.facts.neverSeen
        : `${text.verdicts[observed.verdict]}${observed.at ? `, ${formatDate(observed.at)}` : ''}`,
    ],
    [
      text.person.facts.managedBy,
      [finding.managedBy === 'unknown' ? '' : text.managers[finding.managedBy], finding.managedByEvidence ?? ''].filter(Boolean).join(': '),
    ],
    [text.person.facts.asOf, formatDate(finding.asOf)],
  ];
  return (
    <Section title={text.person.facts.title}>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== '' && value !== null)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
      {finding.also.length > 0 && (
        <>
          <h3 className="also-title">{text.person.also}</h3>
          <ul className="evidence">
            {finding.also.map((code) => (
              <li key={code}>{text.also[code]}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
