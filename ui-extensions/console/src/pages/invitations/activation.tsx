import { Group, Progress, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Invitations } from '../../../../../server/api.ts';
import { Loading } from '../../components/loading.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

const RateTrend = lazy(async () => ({ default: (await import('./rate-trend.tsx')).RateTrend }));

/** How many of those with a license have activated it, and how that went. */
export function Activation({ invitations }: { invitations: Invitations }) {
  const { percent, targetPercent, sentence, trend, asOf } = invitations;
  const words = text.invitations;
  return (
    <Section
      title={words.activation}
      lead={
        asOf && (
          <>
            {words.asOf} <Time iso={asOf} precise />
          </>
        )
      }
    >
      {percent === null ? (
        <Text>{sentence}</Text>
      ) : (
        <>
          <Group gap="md" align="baseline" mb="xs">
            <Text fz={34} fw={700} lh={1.1} className="number">
              {percent} %
            </Text>
            <Text flex="1 1 240px">{sentence}</Text>
          </Group>
          <Progress
            value={percent}
            size="lg"
            color={percent >= targetPercent ? 'teal.7' : 'orange.7'}
            aria-label={words.activation}
            mb="md"
          />
          {trend.length < 2 ? (
            <Text c="dimmed" size="sm">
              {words.trendTooShort}
            </Text>
          ) : (
            <Suspense fallback={<Loading heights={[180]} />}>
              <RateTrend points={trend} target={targetPercent} />
            </Suspense>
          )}
        </>
      )}
    </Section>
  );
}
