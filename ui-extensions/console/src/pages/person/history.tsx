import { Text } from '@mantine/core';
import type { Person } from '../../../../../server/api.ts';
import { markHidden } from '../../components/mark-differences.ts';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

type Entry = Person['timeline'][number];

/** Newest first. Runs that say the same to a reader are one entry, though a detail of the record changed between them. */
function merged(timeline: readonly Entry[]): Entry[] {
  const said = ({ label, sentence, licenseEmail, crmEmail }: Entry): string => JSON.stringify([label, sentence, licenseEmail, crmEmail]);
  const result: Entry[] = [];
  for (const entry of timeline) {
    const later = result.at(-1);
    if (later && said(later) === said(entry)) result[result.length - 1] = { ...later, from: entry.from };
    else result.push(entry);
  }
  return result;
}

export function History({ timeline, crmName }: { timeline: Person['timeline']; crmName: string }) {
  const entries = merged(timeline);
  if (entries.length < 2) return null;
  return (
    <Section title={text.person.history} lead={text.person.historyLead}>
      <ol className="history">
        {entries.map((entry) => (
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
