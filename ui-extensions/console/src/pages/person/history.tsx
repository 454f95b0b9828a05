import { Text } from '@mantine/core';
import type { Person } from '../../../../../server/api.ts';
import { markHidden } from '../../components/mark-differences.ts';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** Newest first, as the server merged it. */
export function History({ timeline, crmName }: { timeline: Person['timeline']; crmName: string }) {
  if (timeline.length < 2) return null;
  return (
    <Section title={text.person.history} lead={text.person.historyLead}>
      <ol className="history">
        {timeline.map((entry) => (
          <li key={`${entry.from} ${entry.to}`}>
            <div className="history-when">
              <Time iso={entry.from} />
              {entry.to ? (
                <>
                  {' – '}
                  <Time iso={entry.to} />
                </>
              ) : (
                ` – ${text.person.today}`
              )}
            </div>
            <div>
              <StatusBadge status={entry.status} reason={entry.reason} label={entry.label} />
              <Text size="sm" mt={4}>
                {entry.sentence}
              </Text>
              <Text size="sm" c="dimmed" className="wrap">
                {entry.licenseEmail !== null && (
                  <>
                    {text.common.license}: <MarkedEmail runs={markHidden(entry.licenseEmail)} />
                  </>
                )}
                {entry.licenseEmail !== null && entry.crmEmail !== null && ' · '}
                {entry.crmEmail !== null && (
                  <>
                    {crmName}: <MarkedEmail runs={markHidden(entry.crmEmail)} />
                  </>
                )}
              </Text>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
