import { Button, Text } from '@mantine/core';
import type { Person } from '../../../../../server/api.ts';
import { sayOwnSubscription } from '../../api/client.ts';
import { useCompareAgain, useDecision } from '../../api/use-decision.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** Whether somebody without a license pays for Sales Navigator by themselves. */
export function OwnSubscription({ person: { finding, ownSubscription }, runId }: { person: Person; runId: string | null }) {
  const say = useDecision(sayOwnSubscription, text.ownSubscription.saved);
  const again = useCompareAgain(runId);
  if (finding.side !== 'crm' || !finding.crmUser) return null;
  const crmUserId = finding.crmUser.id;
  const pending = ownSubscription !== (finding.reason === 'own-subscription');
  return (
    <Section title={text.ownSubscription.title}>
      <div className="decision">
        <Text size="sm">{ownSubscription ? text.ownSubscription.has : text.ownSubscription.lead}</Text>
        <Button size="xs" variant="default" loading={say.isPending} onClick={() => say.mutate({ crmUserId, has: !ownSubscription })}>
          {ownSubscription ? text.ownSubscription.no : text.ownSubscription.yes}
        </Button>
        {say.error && <ProblemPanel error={say.error} what={text.error.action} />}
      </div>
      {pending && runId && (
        <div className="decision pending">
          <Text size="sm">{text.person.countsNext}</Text>
          <Button size="xs" loading={again.isPending} onClick={() => again.mutate()}>
            {text.person.compareNow}
          </Button>
        </div>
      )}
    </Section>
  );
}
