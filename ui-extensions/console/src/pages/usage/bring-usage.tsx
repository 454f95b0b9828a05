import { Button, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Upload } from '../../../../../server/api.ts';
import { createUpload, createUsageReport } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { FileDrop } from '../../components/file-drop.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { ColumnMapping } from '../compare/column-mapping.tsx';

/** Takes a usage report: what it is, which days it is of, and what of it cannot be used. @param uploadId one that was dropped elsewhere */
export function BringUsage({ uploadId, onDone }: { uploadId: string | null; onDone: (id: string, sentence: string) => void }) {
  const client = useQueryClient();
  const [own, setOwn] = useState<string | null>(null);
  const id = own ?? uploadId;
  const { data: upload, error } = useQuery({ ...queries.upload(id ?? ''), enabled: id !== null });
  const take = useMutation({
    mutationFn: (file: File) => createUpload(file, 'usage'),
    onSuccess(taken) {
      client.setQueryData(queries.upload(taken.id).queryKey, taken);
      setOwn(taken.id);
    },
  });
  const refused = take.error ?? error;
  return (
    <Stack gap="md">
      <FileDrop
        title={upload ? text.usage.chooseOther : text.usage.choose}
        hint={text.usage.chooseHint}
        label={text.usage.choose}
        reading={text.common.loading}
        loading={take.isPending}
        onFiles={([file]) => file && take.mutate(file)}
      />
      {refused && <ProblemPanel error={refused} what={text.usage.refused} />}
      {upload && !refused && (
        <Recognised
          key={upload.id}
          upload={upload}
          onUpload={(next) => client.setQueryData(queries.upload(next.id).queryKey, next)}
          onDone={onDone}
        />
      )}
    </Stack>
  );
}

function Recognised({
  upload,
  onUpload,
  onDone,
}: {
  upload: Upload;
  onUpload: (upload: Upload) => void;
  onDone: (id: string, sentence: string) => void;
}) {
  const client = useQueryClient();
  const [from, setFrom] = useState(upload.period?.from ?? '');
  const [to, setTo] = useState(upload.period?.to ?? '');
  const [note, setNote] = useState('');
  const [columns, setColumns] = useState(false);
  const save = useMutation({
    mutationFn: () => createUsageReport({ upload: upload.id, from, to, ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    async onSuccess({ id, sentence }) {
      await client.invalidateQueries({ queryKey: ['usage'] });
      onDone(id, sentence);
    },
  });
  const found = upload.mapping.filter(({ field }) => field !== null).length;
  return (
    <>
      <p className="verdict-line" data-tone={upload.missing ? 'orange' : 'teal'} role="status">
        {upload.missing ? <IconAlertTriangle size={18} aria-hidden /> : <IconCircleCheck size={18} aria-hidden />}{' '}
        {upload.missing ?? text.usage.recognised(upload.name, upload.rows, found, upload.mapping.length)}
      </p>
      {upload.rejected > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {text.usage.rejected(upload.rejected)}
          </Text>
          <List size="sm" spacing={2}>
            {upload.rejects.slice(0, 5).map(({ line, column, reason }) => (
              <List.Item key={line}>{text.usage.reject(line, column, reason)}</List.Item>
            ))}
          </List>
        </div>
      )}
      {upload.missing || columns ? (
        <ColumnMapping upload={upload} onUpload={onUpload} />
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={() => setColumns(true)} style={{ alignSelf: 'flex-start' }} ml={-8}>
          {text.compare.showColumns}
        </Button>
      )}
      {!upload.missing && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <div className="two-fields">
            {/* A native field: it takes the keyboard and the reader's own way to write days. */}
            <TextInput
              type="date"
              label={text.usage.from}
              value={from}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
              required
            />
            <TextInput type="date" label={text.usage.to} value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)} required />
          </div>
          <Text size="sm" c="dimmed" mt={4}>
            {upload.period?.isRead ? text.usage.periodRead : text.usage.periodAsked}
          </Text>
          <TextInput
            label={text.usage.note}
            mt="sm"
            maxLength={300}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          {save.error && <ProblemPanel error={save.error} what={text.usage.notKept} />}
          <Group justify="flex-end" mt="md">
            <Button type="submit" loading={save.isPending} disabled={from === '' || to === ''}>
              {text.usage.keep}
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}
