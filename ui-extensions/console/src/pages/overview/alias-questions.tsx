import { Alert, Button, Group, Text } from '@mantine/core';
import { IconHelpHexagon } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Overview } from '../../../../../server/api.ts';
import { changeSettings, getSettings, repeatReconciliation } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

type Alias = Overview['suggestedAliases'][number];

/** A pair of domains that looks like one company. Nothing is applied until a person says which domain is right today. */
export function AliasQuestions({ aliases, runId }: { aliases: readonly Alias[]; runId: string | null }) {
  const [later, setLater] = useState<readonly string[]>([]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const confirm = useMutation({
    mutationFn: async ({ old, current }: { old: string; current: string }) => {
      // Read first: the list is replaced as a whole, and somebody else may have added to it.
      const { domainAliases } = await getSettings(new AbortController().signal);
      await changeSettings({ domainAliases: [...domainAliases.filter((alias) => alias.old !== old), { old, current }] });
      return runId ? repeatReconciliation(runId) : null;
    },
    onSuccess: async (run) => {
      await client.invalidateQueries();
      if (run) await navigate(`/compare?run=${run.id}`);
    },
  });
  const open = aliases.filter((alias) => !later.includes(alias.licenseDomain + alias.crmDomain));
  if (open.length === 0) return null;
  const asking = (old: string, current: string): boolean =>
    confirm.isPending && confirm.variables.old === old && confirm.variables.current === current;
  return (
    <Alert data-tone="petrol" radius="lg" icon={<IconHelpHexagon aria-hidden />} title={text.overview.aliasQuestion} className="banner">
      <ul className="plain-list alias-questions">
        {open.map(({ licenseDomain, crmDomain, evidence }) => (
          <li key={licenseDomain + crmDomain}>
            <Text size="sm" className="wrap">
              <strong>{text.overview.aliasTitle(licenseDomain, crmDomain)}</strong> {evidence}
            </Text>
            <Group gap="xs" mt={6}>
              {[
                { old: licenseDomain, current: crmDomain },
                { old: crmDomain, current: licenseDomain },
              ].map(({ old, current }) => (
                <Button
                  key={current}
                  size="xs"
                  variant="default"
                  loading={asking(old, current)}
                  disabled={confirm.isPending}
                  onClick={() => confirm.mutate({ old, current })}
                >
                  {text.overview.aliasCurrent(current)}
                </Button>
              ))}
              <Button
                size="xs"
                variant="subtle"
                disabled={confirm.isPending}
                onClick={() => setLater([...later, licenseDomain + crmDomain])}
              >
                {text.overview.aliasLater}
                <span className="visually-hidden">: {text.overview.aliasTitle(licenseDomain, crmDomain)}</span>
              </Button>
            </Group>
          </li>
        ))}
      </ul>
      {confirm.error && <ProblemPanel error={confirm.error} what={text.error.action} />}
    </Alert>
  );
}
