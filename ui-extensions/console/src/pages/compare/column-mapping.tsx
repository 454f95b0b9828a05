import { Button, Group, Select, Table } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Upload } from '../../../../../server/api.ts';
import { mapUpload } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { samplesOf, withField } from './map-columns.ts';

const fieldName = (field: string): string => text.compare.fields[field] ?? field;

/** Which column of the file is which field. The first values stand beside each column, so that one need not open the file. */
export function ColumnMapping({ upload, onUpload }: { upload: Upload; onUpload: (upload: Upload) => void }) {
  const [mapping, setMapping] = useState(upload.mapping);
  const save = useMutation({ mutationFn: () => mapUpload(upload.id, { mapping }), onSuccess: onUpload });
  const changed = mapping.some((column, index) => column.field !== upload.mapping[index]?.field);
  const set = (index: number, field: string | null): void => setMapping(withField(mapping, index, field));
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
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may carry one name; their place is what tells them apart
            <Table.Tr key={index}>
              <Table.Th scope="row" fw={500} className="wrap">
                <bdi>{column}</bdi>
                <span className="samples">
                  <bdi>{samplesOf(upload.preview, index)}</bdi>
                </span>
              </Table.Th>
              <Table.Td>
                <Select
                  size="xs"
                  aria-label={text.compare.meaningOf(column)}
                  placeholder={text.compare.notUsed}
                  data={upload.fields.map((one) => ({
                    value: one.field,
                    label: fieldName(one.field) + (one.needed ? ` (${text.compare.needed})` : ''),
                  }))}
                  value={field}
                  onChange={(value) => set(index, value)}
                  clearable
                  searchable
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {save.error && <ProblemPanel error={save.error} what={text.error.action} />}
      <Group mt="sm">
        <Button size="xs" disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
          {text.compare.saveColumns}
        </Button>
      </Group>
    </div>
  );
}
