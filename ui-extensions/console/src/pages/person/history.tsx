import { Text } from '@mantine/core';
import type { Person } from '../../../../../server/api.ts';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

export function History({ timeline, crmName }: { timeline: Person['timeline']; crmName: string }) {
  if (timeline.length < 2) return null;
  return (
    <Section title={text.person.history} lead={text.person.historyLead}>
      <ol className="history">
        {timeline.map((entry) => (
          <li key={entry.from}>
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
                    {text.common.license}: <bdi>{entry.licenseEmail || text.common.noEmail}</bdi>
                  </>
                )}
                {entry.licenseEmail !== null && entry.crmEmail !== null && ' · '}
                {entry.crmEmail !== null && (
                  <>
                    {crmName}: <bdi>{entry.crmEmail || text.common.noEmail}</bdi>
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
