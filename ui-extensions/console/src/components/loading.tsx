import { Skeleton, Stack, type StackProps } from '@mantine/core';
import { text } from '../text.ts';

/** Stands where something is still being read, as tall as what will come: `heights` in px, one block each. Screen readers hear that it loads. */
export function Loading({ heights, ...stack }: StackProps & { heights: readonly number[] }) {
  return (
    <Stack aria-busy role="status" aria-label={text.common.loading} {...stack}>
      {heights.map((height, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks never move
        <Skeleton key={place} h={height} radius="lg" />
      ))}
    </Stack>
  );
}
