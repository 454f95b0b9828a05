import { ActionIcon, Button, Card, List, NumberInput, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck, IconFileSpreadsheet, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { Link } from 'react-router';
import type { Connection, Side, Upload } from '../../../../../server/api.ts';
import { CountVerdict } from '../../components/count-verdict.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RowsPreview } from '../../components/rows-preview.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { AdminCenterSketch } from './admin-center-sketch.tsx';
import { ColumnMapping } from './column-mapping.tsx';
import { CrmRecipes, RecipeSteps } from './recipe-card.tsx';

/** What the person answered about one file; undefined where they left the suggestion. */
export interface Answers {
  readonly count?: number | undefined;
  /** As a `datetime-local` field holds it: local time without a zone. */
  readonly exportedAt?: string | undefined;
  readonly crmName?: string | undefined;
}

const suggestedText = (upload: Upload, id: Upload['questions'][number]['id']): string => {
  const suggested = upload.questions.find((question) => question.id === id)?.suggested;
  return typeof suggested === 'string' ? suggested : '';
};

/** `2026-11-21T09:12` in the reader's own time zone. */
function localMinute(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Answers with the suggestions filled in, as the API takes them. */
export function answersOf(upload: Upload, answers: Answers): { count?: number; exportedAt?: string; crmName?: string } {
  const exported = answers.exportedAt ?? localMinute(suggestedText(upload, 'exported-at'));
  const crmName = (answers.crmName ?? suggestedText(upload, 'crm-name')).trim();
  return {
    ...(answers.count === undefined ? {} : { count: answers.count }),
    ...(exported ? { exportedAt: new Date(exported).toISOString() } : {}),
    ...(crmName ? { crmName } : {}),
  };
}

export function SideCard({
  side,
  upload,
  connection,
  connections,
  onConnection,
  loading,
  answers,
  onAnswers,
  onFiles,
  onUpload,
  onRemove,
  refused,
  crm,
}: {
  side: Side;
  upload: Upload | null;
  /** Read when the comparison runs, in the place of a file. */
  connection: Connection | null;
  /** Those of this side. */
  connections: readonly Connection[];
  onConnection: (id: string) => void;
  loading: boolean;
  answers: Answers;
  onAnswers: (answers: Answers) => void;
  onFiles: (files: File[]) => void;
  onUpload: (upload: Upload) => void;
  onRemove: () => void;
  refused: { name: string; error: unknown } | null;
  crm: string | null;
}) {
  const heading = useId();
  return (
    <Card component="section" aria-labelledby={heading} className="side-card" data-side={side}>
      <Text size="sm" c="dimmed">
        {text.compare.step[side]}
      </Text>
      <Title order={2} id={heading} mb="sm">
        {text.compare.sideTitle[side]}
      </Title>
      {connection ? (
        <Live connection={connection} onRemove={onRemove} />
      ) : upload ? (
        <Recognised upload={upload} answers={answers} onAnswers={onAnswers} onUpload={onUpload} onRemove={onRemove} />
      ) : (
        <>
          <FileDrop
            title={text.compare.dropHere[side]}
            label={text.compare.choose[side]}
            reading={text.compare.reading}
            loading={loading}
            onFiles={onFiles}
            most={2}
          />
          {refused && (
            <div className="refused">
              <ProblemPanel error={refused.error} what={text.compare.refused(refused.name)} />
            </div>
          )}
          {connections.length > 0 && (
            <>
              <h3 className="recipe-title">{text.compare.orConnection}</h3>
              <ul className="plain-list from-connections">
                {connections.map((one) => (
                  <li key={one.id}>
                    {isUsable(one) ? (
                      <Button
                        variant="default"
                        leftSection={<IconPlugConnected size={16} aria-hidden />}
                        onClick={() => onConnection(one.id)}
                      >
                        <span className="visually-hidden">{text.compare.readNow('')}</span>
                        <bdi>{one.name}</bdi>
                        {one.simulated && <span className="simulated">{text.compare.simulated}</span>}
                      </Button>
                    ) : (
                      <Text size="sm" c="dimmed">
                        {text.compare.testFirst(one.name)} <Link to="/connections">{text.compare.toConnections}</Link>
                      </Text>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
          <h3 className="recipe-title">{text.compare.howTo[side]}</h3>
          {side === 'licenses' ? (
            <>
              <RecipeSteps recipe={text.compare.linkedinRecipe} />
              <AdminCenterSketch />
            </>
          ) : (
            <>
              <CrmRecipes crm={crm} />
              {connections.length === 0 && (
                <Text size="sm" mt="sm">
                  <Link to="/connections">{text.compare.connectInstead}</Link> {text.compare.connectHint}
                </Text>
              )}
            </>
          )}
        </>
      )}
    </Card>
  );
}

/** Whom a CRM connection reads is pinned by its first good test. */
const isUsable = ({ side, origin, check }: Connection): boolean => (side === 'crm' ? origin !== null : check !== null);

function Live({ connection, onRemove }: { connection: Connection; onRemove: () => void }) {
  const { name, vendor, origin, simulated } = connection;
  return (
    <>
      <div className="file">
        <IconPlugConnected size={28} stroke={1.5} aria-hidden />
        <div className="file-name">
          <Text fw={600} className="wrap">
            <bdi>{name}</bdi>
          </Text>
          <Text size="sm" c="dimmed">
            {text.compare.fromConnection(text.connections.vendorOf(vendor, simulated), origin?.name ?? null)}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={text.compare.remove(name)}>
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </div>
      <p className="verdict-line" data-tone="teal" role="status">
        <IconCircleCheck size={18} aria-hidden /> {text.compare.liveReady}
      </p>
      {origin?.isTest && (
        <p className="verdict-line" data-tone="orange">
          <IconAlertTriangle size={18} aria-hidden /> {text.runs.testOrg}
        </p>
      )}
    </>
  );
}

function Recognised({
  upload,
  answers,
  onAnswers,
  onUpload,
  onRemove,
}: {
  upload: Upload;
  answers: Answers;
  onAnswers: (answers: Answers) => void;
  onUpload: (upload: Upload) => void;
  onRemove: () => void;
}) {
  const [columns, { toggle: toggleColumns }] = useDisclosure(false);
  const found = upload.mapping.filter((column) => column.field !== null).length;
  const asked = (id: Upload['questions'][number]['id']) => upload.questions.find((question) => question.id === id);
  const countQuestion = asked('admin-center-count');
  const exportedQuestion = asked('exported-at');
  const nameQuestion = asked('crm-name');
  const count = answers.count;
  return (
    <>
      <div className="file">
        <IconFileSpreadsheet size={28} stroke={1.5} aria-hidden />
        <div className="file-name">
          <Text fw={600} className="wrap">
            <bdi>{upload.name}</bdi>
          </Text>
          <Text size="sm" c="dimmed" className="number">
            {text.compare.recognised(text.compare.kinds[upload.kind] ?? upload.crmName ?? upload.kind, upload.rows)}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={text.compare.remove(upload.name)}>
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </div>

      {upload.missing ? (
        <p className="verdict-line" data-tone="orange" role="status">
          <IconAlertTriangle size={18} aria-hidden /> {upload.missing}
        </p>
      ) : (
        <p className="verdict-line" data-tone="teal" role="status">
          <IconCircleCheck size={18} aria-hidden /> {text.compare.columnsFound(found, upload.mapping.length)}
        </p>
      )}
      {upload.warnings.length > 0 && (
        <List size="sm" spacing={4} icon={<IconAlertTriangle size={15} aria-hidden />} className="warnings">
          {upload.warnings.map((warning) => (
            <List.Item key={warning}>{warning}</List.Item>
          ))}
        </List>
      )}

      {(countQuestion || exportedQuestion || nameQuestion) && (
        <div className="questions">
          {countQuestion && (
            <div>
              <NumberInput
                label={countQuestion.sentence}
                value={count ?? ''}
                onChange={(value) => onAnswers({ ...answers, count: typeof value === 'number' ? value : undefined })}
                min={0}
                allowDecimal={false}
                allowNegative={false}
                thousandSeparator=","
                placeholder={typeof countQuestion.suggested === 'number' ? formatNumber(countQuestion.suggested) : text.compare.countHint}
                hideControls
              />
              {count !== undefined && <CountVerdict rows={upload.rows} count={count} />}
            </div>
          )}
          {nameQuestion && (
            <TextInput
              label={nameQuestion.sentence}
              value={answers.crmName ?? suggestedText(upload, 'crm-name')}
              onChange={(event) => onAnswers({ ...answers, crmName: event.currentTarget.value })}
              maxLength={60}
            />
          )}
          {exportedQuestion && (
            <TextInput
              type="datetime-local"
              label={exportedQuestion.sentence}
              description={exportedQuestion.suggested ? text.compare.fromFile : undefined}
              value={answers.exportedAt ?? localMinute(suggestedText(upload, 'exported-at'))}
              onChange={(event) => onAnswers({ ...answers, exportedAt: event.currentTarget.value })}
            />
          )}
        </div>
      )}

      {upload.missing || columns ? (
        <ColumnMapping key={upload.id} upload={upload} onUpload={onUpload} />
      ) : (
        upload.preview.length > 0 && (
          <RowsPreview
            label={text.compare.preview(upload.name)}
            columns={upload.mapping.map(({ column }) => column)}
            rows={upload.preview}
          />
        )
      )}
      {!upload.missing && (
        <Button variant="subtle" size="compact-sm" mt="xs" ml={-8} onClick={toggleColumns} aria-expanded={columns}>
          {columns ? text.compare.hideColumns : text.compare.showColumns}
        </Button>
      )}
    </>
  );
}

/** The first rows as they stand in the file. */
