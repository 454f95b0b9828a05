import { Alert, Anchor, Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconClockExclamation, IconFileAlert, IconFlask, IconSparkles } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import type { Banner, Overview } from '../../../../server/api.ts';
import { text } from '../text.ts';

const looks = {
  demo: { tone: 'petrol', icon: IconSparkles },
  sandbox: { tone: 'yellow', icon: IconFlask },
  incomplete: { tone: 'yellow', icon: IconAlertTriangle },
  stale: { tone: 'orange', icon: IconClockExclamation },
  rejects: { tone: 'yellow', icon: IconFileAlert },
} as const satisfies Record<Banner['kind'], { tone: string; icon: typeof IconFlask }>;

/** What must be known on every page; the sentences are the server's. */
export function Banners({ overview }: { overview: Overview }) {
  const { pathname } = useLocation();
  const { underWay } = overview;
  const showRun = underWay && pathname !== '/compare' && !pathname.startsWith('/runs/');
  if (overview.banners.length === 0 && !showRun) return null;
  return (
    <Stack gap={8} className="banners" component="section" aria-label={text.shell.notices}>
      {showRun && (
        <Alert data-tone={underWay.state === 'held' ? 'orange' : 'petrol'} variant="light" py={10} className="banner">
          <Group justify="space-between" gap="sm">
            <Text size="sm">{underWay.question?.sentence ?? text.shell.comparing(underWay.phase)}</Text>
            <Anchor component={Link} to={`/compare?run=${underWay.id}`} size="sm" fw={600} c="inherit" underline="always">
              {underWay.state === 'held' ? text.shell.answer : text.shell.watch}
            </Anchor>
          </Group>
          {underWay.state !== 'held' && <Progress value={underWay.progress * 100} size="xs" mt={6} aria-label={text.shell.progress} />}
        </Alert>
      )}
      {overview.banners.map((banner) => {
        const { tone, icon: Icon } = looks[banner.kind];
        return (
          <Alert
            key={banner.kind + banner.sentence}
            data-tone={tone}
            variant="light"
            py={8}
            icon={<Icon size={18} aria-hidden />}
            className="banner"
          >
            <Text size="sm">{banner.sentence}</Text>
          </Alert>
        );
      })}
    </Stack>
  );
}
