import { Button, Checkbox, Group, Text } from '@mantine/core';
import { IconDownload, IconEye, IconFileOff, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Dialog } from '../../console/src/components/dialog.tsx';
import { readCsv } from '../../console/src/components/read-csv.ts';
import { RowsPreview } from '../../console/src/components/rows-preview.tsx';
import { Section } from '../../console/src/components/section.tsx';
import { formatDateTime } from '../../console/src/components/time.tsx';
import { text } from '../../console/src/text.ts';
import { download } from './download.ts';
import type { Download, Planned } from './messages.ts';
import type { Thread } from './two-file-page.tsx';

/** As many rows as one looks through; the rest is in the file. */
const most = 200;

/**
 * The files that repair people. One upload at a time: this page remembers nothing, so the next file comes from comparing LinkedIn's next
 * export, which shows who is repaired.
 */
export function Files({ thread }: { thread: Thread }) {
  const [planned, setPlanned] = useState<Planned | null>(null);
  const [answers, setAnswers] = useState({ notASandbox: false, canaryProven: false });
  const [shown, setShown] = useState<Download | null>(null);
  const [wasCanary, setWasCanary] = useState(false);
  useEffect(() => {
    let isLatest = true;
    void thread.ask('plan', answers).then((answer) => {
      if (!isLatest) return;
      setPlanned(answer);
      if (answer.kind === 'plan' && answer.first?.canary) setWasCanary(true);
    });
    return () => {
      isLatest = false;
    };
  }, [thread, answers]);
  if (planned === null) return null;

  const row = (file: Download) => (
    <li key={file.name} className="file-offer">
      <div className="file-offer-body">
        <Text fw={600} className="wrap marked-email">
          {file.name}
        </Text>
        <Text size="sm">{text.twoFile.lists[file.name] ?? text.twoFile.emailChange}</Text>
        <Text size="sm" c="dimmed" className="number">
          {text.common.rows(file.rows)}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap" flex="none" className="no-print">
        <Button size="xs" variant="subtle" leftSection={<IconEye size={14} aria-hidden />} onClick={() => setShown(file)}>
          {text.files.show}
          <span className="visually-hidden">: {file.name}</span>
        </Button>
        <Button size="xs" leftSection={<IconDownload size={14} aria-hidden />} onClick={() => download(file.name, file.text)}>
          {text.files.download}
          <span className="visually-hidden"> {file.name}</span>
        </Button>
      </Group>
    </li>
  );
  const isSandbox = planned.kind === 'stopped' && planned.trips.some(({ code }) => code === 'sandbox');
  const [head = [], ...rows] = shown ? readCsv(shown.text) : [];
  return (
    <div id="files">
      <Section title={text.files.title} lead={text.twoFile.filesLead} flush>
        {planned.kind === 'stopped' &&
          planned.trips.map(({ code, sentence, nextStep }) => (
            <p key={code} className="verdict-line inset" data-tone="orange">
              <IconInfoCircle size={18} aria-hidden />
              <span>
                {sentence} {nextStep}
              </span>
            </p>
          ))}
        {(isSandbox || answers.notASandbox) && (
          <Checkbox
            className="inset-block"
            label={text.twoFile.notASandbox}
            checked={answers.notASandbox}
            onChange={(event) => setAnswers({ ...answers, notASandbox: event.currentTarget.checked })}
          />
        )}
        {planned.kind === 'plan' && (
          <>
            {planned.first === null ? (
              <p className="verdict-line inset" data-tone="gray">
                <IconFileOff size={18} aria-hidden /> {text.files.none}
              </p>
            ) : (
              <>
                <Text className="inset" size="sm" mb="sm">
                  {planned.price} {text.twoFile.until(formatDateTime(planned.expiresAt))}
                </Text>
                <ol className="repair-steps">
                  {text.files.steps.map((step) => (
                    <li key={step}>{step}</li>
                  ))}
                </ol>
                <h3 className="list-title">{text.files.forLinkedIn}</h3>
                <ul className="plain-list divided">{row(planned.first)}</ul>
                {planned.later > 0 && (
                  <Text className="inset" size="sm" c="dimmed" mb="sm">
                    {text.twoFile.later(planned.later)}
                  </Text>
                )}
              </>
            )}
            {wasCanary && (
              <Checkbox
                className="inset-block"
                label={text.twoFile.canaryProven}
                description={text.twoFile.canaryHint}
                checked={answers.canaryProven}
                onChange={(event) => setAnswers({ ...answers, canaryProven: event.currentTarget.checked })}
              />
            )}
            {planned.notes.map(({ sentence }) => (
              <p key={sentence} className="verdict-line inset small" data-tone="gray">
                <IconInfoCircle size={16} aria-hidden /> <span>{sentence}</span>
              </p>
            ))}
            {planned.lists.length > 0 && (
              <>
                <h3 className="list-title">{text.files.forOthers}</h3>
                <ul className="plain-list divided">{planned.lists.map(row)}</ul>
              </>
            )}
          </>
        )}
      </Section>
      <Dialog opened={shown !== null} onClose={() => setShown(null)} title={shown?.name ?? ''} size={960}>
        {shown && (
          <>
            <RowsPreview label={shown.name} columns={head} rows={rows.slice(0, most)} tall />
            <Text size="sm" c="dimmed" mt="sm">
              {rows.length > most ? text.files.firstRows(most, rows.length) : text.common.rows(rows.length)}
            </Text>
          </>
        )}
      </Dialog>
    </div>
  );
}
