import { Anchor, Badge, Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { undoUsageReport, usageRejectsHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDay, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** Every report that was brought, with what became of it, and the way back. */
export function BroughtReports({ onUndone }: { onUndone: (sentence: string) => void }) {
  const client = useQueryClient();
  const { data } = useQuery(queries.usageReports);
  const undo = useMutation({
    mutationFn: undoUsageReport,
    async onSuccess({ sentence }) {
      onUndone(sentence);
      await Promise.all([client.invalidateQueries({ queryKey: ['usage'] }), client.invalidateQueries({ queryKey: ['licenses'] })]);
    },
  });
  if (!data || data.rows.length === 0) return null;
  return (
    <Section title={text.usage.brought} className="no-print">
      {undo.error && <ProblemPanel error={undo.error} what={text.error.action} />}
      <ul className="plain-list divided">
        {data.rows.map((report) => {
          const days = text.usage.days(formatDay(report.from), formatDay(report.to));
          return (
            <li key={report.id} className="license-list">
              <div>
                <Text fw={600}>
                  {days} {report.state !== 'current' && <Badge color="gray">{text.usage.states[report.state]}</Badge>}
                </Text>
                <Text size="sm" c="dimmed" className="wrap">
                  <bdi>{report.name}</bdi> · {text.usage.people(report.rows)} · {text.usage.broughtBy(report.broughtBy)}{' '}
                  <Time iso={report.broughtAt} precise />
                  {report.rejected > 0 && (
                    <>
                      {' '}
                      ·{' '}
                      <Anchor href={usageRejectsHref(report.id)} download size="sm">
                        {text.usage.rejected(report.rejected)}
                      </Anchor>
                    </>
                  )}
                </Text>
                {report.note && <Text size="sm">{report.note}</Text>}
                {report.undone && (
                  <Text size="sm" c="dimmed">
                    {text.usage.undoneBy(report.undone.by)} <Time iso={report.undone.at} precise />
                  </Text>
                )}
              </div>
              {report.state === 'current' && (
                <Button
                  variant="default"
                  size="xs"
                  loading={undo.isPending && undo.variables === report.id}
                  onClick={() => undo.mutate(report.id)}
                >
                  {text.usage.undo}
                  <span className="visually-hidden">: {days}</span>
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
