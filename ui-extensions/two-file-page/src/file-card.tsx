import { ActionIcon, Button, Card, Group, NativeSelect, NumberInput, Table, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFileSpreadsheet, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { CountVerdict } from '../../console/src/components/count-verdict.tsx';
import { FileDrop } from '../../console/src/components/file-drop.tsx';
import { RowsPreview } from '../../console/src/components/rows-preview.tsx';
import { AdminCenterSketch } from '../../console/src/pages/compare/admin-center-sketch.tsx';
import { samplesOf, withField } from '../../console/src/pages/compare/map-columns.ts';
import { RecipeSteps } from '../../console/src/pages/compare/recipe-card.tsx';
import { text } from '../../console/src/text.ts';
import type { Looked, Side } from './messages.ts';

/** One file with what a person said of it. */
export interface Brought {
  readonly file: File;
  readonly looked: Looked;
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** How many users Admin Center shows. */
  readonly count?: number | undefined;
  /** As a `datetime-local` field holds it. */
  readonly exportedAt: string;
}

interface CardParts {
  side: Side;
  brought: Brought | null;
  isReading: boolean;
  refused: { name: string; sentence: string } | null;
  onFiles: (files: File[]) => void;
  onAnswers: (answers: Partial<Pick<Brought, 'count' | 'exportedAt'>>) => void;
  onMap: (columns: Readonly<Record<string, string>>) => Promise<void>;
  onRemove: () => void;
}

export function FileCard(parts: CardParts) {
  const { side, brought, isReading, refused, onFiles } = parts;
  const heading = useId();
  return (
    <Card component="section" aria-labelledby={heading}>
      <Text size="sm" c="dimmed">
        {text.compare.step[side]}
      </Text>
      <Title order={2} id={heading} mb="sm">
        {text.compare.sideTitle[side]}
      </Title>
      {brought ? (
        <Recognised key={brought.file.name} {...parts} brought={brought} />
      ) : (
        <FileDrop
          title={text.compare.dropHere[side]}
          label={text.compare.choose[side]}
          reading={text.compare.reading}
          loading={isReading}
          onFiles={onFiles}
          most={2}
        />
      )}
      {refused && (
        <p className="verdict-line" data-tone="red" role="alert">
          <IconAlertTriangle size={18} aria-hidden />
          <span>
            {text.compare.refused(refused.name)}: {refused.sentence}
          </span>
        </p>
      )}
      {!brought && (
        <details className="how-to">
          <summary>{side === 'licenses' ? text.compare.howTo.licenses : text.twoFile.howToCrm}</summary>
          {side === 'licenses' ? (
            <>
              <RecipeSteps recipe={text.compare.linkedinRecipe} />
              <AdminCenterSketch />
            </>
          ) : (
            text.compare.crmRecipes.map((recipe) => (
              <div key={recipe.id}>
                <h3 className="recipe-title">{recipe.name}</h3>
                <RecipeSteps recipe={recipe} />
              </div>
            ))
          )}
        </details>
      )}
    </Card>
  );
}

function Recognised({ side, brought, onAnswers, onMap, onRemove }: CardParts & { brought: Brought }) {
  const { looked, count, exportedAt } = brought;
  const [isMapping, setMapping] = useState(false);
  const found = looked.mapping.filter(({ field }) => field !== null).length;
  return (
    <>
      <div className="file">
        <IconFileSpreadsheet size={28} stroke={1.5} aria-hidden />
        <div className="file-name">
          <Text fw={600} className="wrap">
            <bdi>{looked.name}</bdi>
          </Text>
          <Text size="sm" c="dimmed" className="number">
            {text.compare.recognised(text.compare.kinds[looked.kind] ?? looked.kind, looked.rows)}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={text.compare.remove(looked.name)}>
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </div>
      <p className="verdict-line" data-tone={looked.missing === null ? 'teal' : 'orange'} role="status">
        {looked.missing === null ? <IconCircleCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
        <span>{looked.missing ?? text.compare.columnsFound(found, looked.mapping.length)}</span>
      </p>
      {looked.warnings.map((warning) => (
        <p key={warning} className="verdict-line small" data-tone="orange">
          <IconAlertTriangle size={16} aria-hidden /> <span>{warning}</span>
        </p>
      ))}
      <div className="questions">
        {side === 'licenses' && (
          <div>
            <NumberInput
              label={text.job.count}
              value={count ?? ''}
              onChange={(value) => onAnswers({ count: typeof value === 'number' ? value : undefined })}
              min={0}
              allowDecimal={false}
              allowNegative={false}
              thousandSeparator=","
              placeholder={text.compare.countHint}
              hideControls
            />
            {count !== undefined && <CountVerdict rows={looked.rows} count={count} />}
          </div>
        )}
        <TextInput
          type="datetime-local"
          label={text.twoFile.exportedAt[side]}
          description={text.compare.fromFile}
          value={exportedAt}
          onChange={(event) => onAnswers({ exportedAt: event.currentTarget.value })}
        />
      </div>
      {looked.missing !== null || isMapping ? (
        <Mapping key={JSON.stringify(looked.mapping)} looked={looked} onMap={onMap} />
      ) : (
        looked.preview.length > 0 && (
          <RowsPreview
            label={text.compare.preview(looked.name)}
            columns={looked.mapping.map(({ column }) => column)}
            rows={looked.preview}
          />
        )
      )}
      {looked.missing === null && (
        <Button variant="subtle" size="compact-sm" mt="xs" ml={-8} onClick={() => setMapping(!isMapping)} aria-expanded={isMapping}>
          {isMapping ? text.compare.hideColumns : text.compare.showColumns}
        </Button>
      )}
    </>
  );
}

function Mapping({ looked, onMap }: { looked: Looked; onMap: CardParts['onMap'] }) {
  const [mapping, setMapping] = useState(looked.mapping);
  const isChanged = mapping.some(({ field }, index) => field !== looked.mapping[index]!.field);
  const set = (index: number, field: string | null): void => setMapping(withField(mapping, index, field));
  const nameOf = (field: string): string => `${text.compare.fields[field] ?? field}${field === 'email' ? ` (${text.compare.needed})` : ''}`;
  return (
    <div className="mapping">
      <Table fz="sm" verticalSpacing={6} horizontalSpacing="xs">
        <caption className="visually-hidden">{text.compare.mappingCaption}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{text.compare.column}</Table.Th>
            <Table.Th scope="col" w="50%">
              {text.compare.meaning}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {mapping.map(({ column, field }, index) => (
            <Table.Tr key={index}>
              <Table.Th scope="row" fw={500} className="wrap">
                <bdi>{column}</bdi>
                <span className="samples">
                  <bdi>{samplesOf(looked.preview, index)}</bdi>
                </span>
              </Table.Th>
              <Table.Td>
                <NativeSelect
                  size="xs"
                  aria-label={text.compare.meaningOf(column)}
                  value={field ?? ''}
                  onChange={(event) => set(index, event.currentTarget.value || null)}
                  data={[{ value: '', label: text.compare.notUsed }, ...looked.fields.map((value) => ({ value, label: nameOf(value) }))]}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group mt="sm">
        <Button
          size="xs"
          disabled={!isChanged}
          onClick={() =>
            void onMap(
              Object.fromEntries(mapping.filter(({ column }) => column !== '').map(({ column, field }) => [column, field ?? 'ignore'])),
            )
          }
        >
          {text.compare.saveColumns}
        </Button>
      </Group>
    </div>
  );
}
