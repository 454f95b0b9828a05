import './file-drop.css';

import { Loader, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileUpload } from '@tabler/icons-react';
import { text } from '../text.ts';

/** Takes files that are dropped on it, or chosen by a click, a tap or Enter. */
export function FileDrop({
  title,
  hint = text.common.orChoose,
  label,
  reading,
  loading,
  onFiles,
  most = 1,
}: {
  title: string;
  hint?: string;
  /** What a screen reader hears. */
  label: string;
  /** What it hears while a file is taken. */
  reading: string;
  loading: boolean;
  onFiles: (files: File[]) => void;
  /** How many files at once. */
  most?: number;
}) {
  return (
    <Dropzone
      onDrop={onFiles}
      loading={loading}
      maxFiles={most}
      multiple={most > 1}
      className="file-drop"
      inputProps={{ 'aria-label': label }}
      aria-label={label}
      loaderProps={{ children: <Loader size="sm" aria-label={reading} /> }}
    >
      <IconFileUpload size={26} stroke={1.5} aria-hidden />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
    </Dropzone>
  );
}
