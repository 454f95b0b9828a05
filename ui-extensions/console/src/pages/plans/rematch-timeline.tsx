import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** What happened to one person in a repair, newest first. */
export function RematchTimeline({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(queries.rematch(id));
  if (error && !data) return <ProblemPanel error={error} what={text.job.timelineFailed} onRetry={refetch} />;
  if (!data) return <Loading heights={[120]} />;
  if (data.history.length === 0) return <Text>{text.job.nothingYet}</Text>;
  return (
    <ol className="rematch-timeline">
      {data.history.map(({ at, actor, sentence }) => (
        <li key={at + sentence}>
          <Text size="sm" c="dimmed">
            <Time iso={at} precise /> · <bdi>{actor}</bdi>
          </Text>
          <Text size="sm">{sentence}</Text>
        </li>
      ))}
    </ol>
  );
}
