import { Flex, Text } from '@hubspot/ui-extensions';
import { Fragment } from 'react';
import type { PanelPersonDetail, Words } from './panel-types.ts';

/** One address with what differs underlined, and said once more in words for whoever does not see the line. */
export function MarkedEmail({ email, words }: { email: PanelPersonDetail['emails'][number]; words: Words }) {
  const differing = email.runs.filter(({ differs }) => differs);
  return (
    <Flex direction="column" gap="flush">
      <Text variant="microcopy">{email.label}</Text>
      <Text>
        {email.runs.length === 0 && '–'}
        {email.runs.map(({ text, differs }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name than their place
          <Fragment key={index}>
            {differs ? (
              <Text inline format={{ fontWeight: 'bold', lineDecoration: 'underline' }}>
                {text}
              </Text>
            ) : (
              text
            )}
          </Fragment>
        ))}
      </Text>
      {differing.length > 0 && (
        <Text variant="microcopy">
          {words.differs}: {differing.map(({ text, note }) => (note === null ? `“${text}”` : `“${text}” (${note})`)).join(', ')}
        </Text>
      )}
    </Flex>
  );
}
