import { Text } from '@mantine/core';

/** What somebody goes without while Not Matched. */
export function LostList({ lost }: { lost: readonly { readonly name: string; readonly sentence: string }[] }) {
  return (
    <dl className="lost-list">
      {lost.map(({ name, sentence }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Text size="sm" c="dimmed">
              {sentence}
            </Text>
          </dd>
        </div>
      ))}
    </dl>
  );
}
