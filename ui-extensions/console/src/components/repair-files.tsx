import './repair-files.css';

import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconEye, IconFileOff, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { FileOffer } from '../../../../server/api.ts';
import { fileHref } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { text } from '../text.ts';
import { ActorMark } from './actor-mark.tsx';
import { Dialog } from './dialog.tsx';
import { Loading } from './loading.tsx';
import { personHref } from './people-href.ts';
import { ProblemPanel } from './problem-panel.tsx';
import { readCsv } from './read-csv.ts';
import { RowsPreview } from './rows-preview.tsx';
import { Section } from './section.tsx';

/** The files that repair people, what to do with them in order, and who is in none of them. */
export function RepairFiles({ runId }: { runId: string }) {
  const { data, error, refetch } = useQuery(queries.files(runId));
  const [shown, setShown] = useState<string | null>(null);
  if (error && !data) return <ProblemPanel error={error} what={text.files.failed} onRetry={refetch} />;
  if (!data) return <Loading heights={[240]} />;
  const forLinkedIn = data.files.filter((file) => file.forLinkedIn);
  const lists = data.files.filter((file) => !file.forLinkedIn);
  const row = (file: FileOffer) => (
    <li key={file.name} className="file-offer">
      <div className="file-offer-body">
        <Text fw={600} className="wrap marked-email">
          {file.name}
        </Text>
        <Text size="sm">{file.sentence}</Text>
        <Group gap="md" mt={2}>
          <Text size="sm" c="dimmed" className="number">
            {text.common.rows(file.rows)}
          </Text>
          <ActorMark actor={file.actor} />
        </Group>
      </div>
      <Group gap="xs" wrap="nowrap" flex="none">
        <Button size="xs" variant="subtle" leftSection={<IconEye size={14} aria-hidden />} onClick={() => setShown(file.name)}>
          {text.files.show}
          <span className="visually-hidden">: {file.name}</span>
        </Button>
        <Button
          component="a"
          href={fileHref(runId, file.name)}
          download={file.name}
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          {text.files.download}
          <span className="visually-hidden"> {file.name}</span>
        </Button>
      </Group>
    </li>
  );
  return (
    <div id="files">
      <Section title={text.files.title} lead={text.files.lead} flush={data.files.length > 0}>
        {data.refusal && (
          <p className="verdict-line inset" data-tone="orange">
            <IconInfoCircle size={18} aria-hidden /> {data.refusal}
          </p>
        )}
        {data.files.length === 0 && !data.refusal && (
          <p className="all-done">
            <IconFileOff size={18} aria-hidden /> {text.files.none}
          </p>
        )}
        {forLinkedIn.length > 0 && (
          <>
            <ol className="repair-steps">
              {text.files.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <h3 className="list-title">{text.files.forLinkedIn}</h3>
            <ul className="plain-list divided">{forLinkedIn.map(row)}</ul>
          </>
        )}
        {lists.length > 0 && (
          <>
            <h3 className="list-title">{text.files.forOthers}</h3>
            <ul className="plain-list divided">{lists.map(row)}</ul>
          </>
        )}
        {data.leftOut.length > 0 && (
          <details className="left-out" data-inset={data.files.length > 0 || undefined}>
            <summary>{text.files.leftOut(data.leftOut.length)}</summary>
            <ul className="plain-list">
              {data.leftOut.map((person) => (
                <li key={person.key}>
                  <Link to={personHref(person.key)} className="person-link">
                    <bdi>{person.name || text.common.noName}</bdi>
                  </Link>
                  <span>{person.reason}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </Section>
      <Dialog opened={shown !== null} onClose={() => setShown(null)} title={shown} size={960}>
        {shown && <FileRows runId={runId} name={shown} />}
      </Dialog>
    </div>
  );
}

/** As many rows as one looks through; the rest is in the file. */
const most = 200;

function FileRows({ runId, name }: { runId: string; name: string }) {
  const { data, error, refetch } = useQuery(queries.file(runId, name));
  if (error && data === undefined) return <ProblemPanel error={error} what={text.files.failed} onRetry={refetch} />;
  if (data === undefined) return <Loading heights={[200]} />;
  const [head = [], ...rows] = readCsv(data);
  return (
    <>
      <RowsPreview label={name} columns={head} rows={rows.slice(0, most)} tall />
      <Text size="sm" c="dimmed" mt="sm">
        {rows.length > most ? text.files.firstRows(most, rows.length) : text.common.rows(rows.length)}
      </Text>
    </>
  );
}
