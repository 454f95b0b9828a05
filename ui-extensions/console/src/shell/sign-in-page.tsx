import { Button, Card, Code, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { signIn } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { ProblemPanel } from '../components/problem-panel.tsx';
import { text } from '../text.ts';
import { Wordmark } from './wordmark.tsx';

/** The code of a one-time admin link, `#code=…`. In the fragment it is never sent to a server or written to its log. */
const codeOfLink = (): string | null => new URLSearchParams(window.location.hash.slice(1)).get('code');

export function SignInPage() {
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      window.history.replaceState(null, '', window.location.pathname + window.location.search);
      client.setQueryData(queries.session.queryKey, session);
    },
  });

  useEffect(() => {
    document.title = `${text.signIn.title} · ${text.product}`;
    const given = codeOfLink();
    if (given) mutate(given);
  }, [mutate]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate(code.trim());
  };
  return (
    <main className="sign-in">
      <Card w="100%" maw={440} p="xl">
        <Stack component="form" onSubmit={submit}>
          <Wordmark />
          <div>
            <Title order={1}>{text.signIn.title}</Title>
            <Text c="dimmed" mt={4}>
              {text.signIn.lead} <Code>npm start</Code>
            </Text>
          </div>
          <TextInput
            label={text.signIn.code}
            description={text.signIn.codeHint}
            value={code}
            autoComplete="one-time-code"
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {error && <ProblemPanel error={error} what={text.signIn.failed} />}
          <Button type="submit" loading={isPending} disabled={code.trim() === ''}>
            {text.signIn.action}
          </Button>
        </Stack>
      </Card>
    </main>
  );
}
