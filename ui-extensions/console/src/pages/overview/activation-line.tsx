import { Progress, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Overview } from '../../../../../server/api.ts';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** How many of those with a license use it; whom that takes stands on the page of invitations. */
export function ActivationLine({ activation }: { activation: Overview['activation'] }) {
  if (activation === null || activation.percent === null) return null;
  const { percent, targetPercent, sentence, open } = activation;
  return (
    <Section
      title={text.invitations.activation}
      action={
        <Link to="/invitations" className="quiet-link">
          {text.overview.openInvitations(open)}
        </Link>
      }
    >
      <Progress value={percent} color={percent >= targetPercent ? 'teal.7' : 'orange.7'} aria-label={text.invitations.activation} mb="sm" />
      <Text size="sm">
        <Text span fw={700} className="number">
          {percent} %
        </Text>
        {' · '}
        {sentence}
      </Text>
    </Section>
  );
}
