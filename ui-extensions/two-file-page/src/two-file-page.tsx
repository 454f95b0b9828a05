import { Alert, Button, Card, Group, Progress, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowsLeftRight, IconLock } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { ColorSchemeSwitch } from '../../console/src/shell/color-scheme-switch.tsx';
import { Wordmark } from '../../console/src/shell/wordmark.tsx';
import { text } from '../../console/src/text.ts';
import { Refused, type startThread } from './ask.ts';
import { type Brought, FileCard } from './file-card.tsx';
import type { Compared, Looked, Settings, Side } from './messages.ts';
import { Result } from './result.tsx';

export type Thread = ReturnType<typeof startThread>;

const sides = ['licenses', 'crm'] as const satisfies readonly Side[];

/** `2026-11-21T09:12` of the reader's own clock. */
const localMinute = (at: number): string => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** What to tell a person of something that did not work. */
export const sentenceOf = (error: unknown): string => (error instanceof Refused && error.sentence) || text.error.unexpected;

/** One domain a line or between commas. */
const domainsIn = (typed: string): string[] =>
  typed
    .split(/[\s,;]+/)
    .map((domain) => domain.trim())
    .filter((domain) => domain !== '');

/** `old=new`, a pair a line. */
const aliasesIn = (typed: string): Settings['domainAliases'] =>
  typed
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? { old: line.trim(), current: '' } : { old: line.slice(0, at).trim(), current: line.slice(at + 1).trim() };
    });

export function TwoFilePage({ thread }: { thread: Thread }) {
  const [brought, setBrought] = useState<Record<Side, Brought | null>>({ licenses: null, crm: null });
  const [refused, setRefused] = useState<{ side: Side; name: string; sentence: string } | null>(null);
  const [reading, setReading] = useState<Side | null>(null);
  const [typed, setTyped] = useState({ domains: '', aliases: '' });
  const [progress, setProgress] = useState<{ share: number; phase: 'licenses' | 'crm' | 'comparing' } | null>(null);
  const [compared, setCompared] = useState<{ result: Compared; at: number } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const results = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    thread.onProgress = (share, phase) => setProgress({ share, phase });
  }, [thread]);

  useEffect(() => {
    if (compared) results.current?.focus();
  }, [compared]);

  const keep = (file: File, looked: Looked, map?: Readonly<Record<string, string>>): void => {
    setCompared(null);
    setBrought((before) => {
      const same = before[looked.side]?.file === file ? before[looked.side] : null;
      return { ...before, [looked.side]: { count: undefined, exportedAt: localMinute(file.lastModified), ...same, file, looked, map } };
    });
  };

  /** The zone says which list it is, unless the file itself says that it is the other one. */
  const take = async (files: readonly File[], zone: Side): Promise<void> => {
    setRefused(null);
    setReading(zone);
    for (const file of files) {
      const other = zone === 'licenses' ? 'crm' : 'licenses';
      try {
        keep(file, await thread.ask('look', { file, side: zone }));
      } catch (error) {
        await thread
          .ask('look', { file, side: other })
          .then(
            (looked) => (looked.missing === null ? keep(file, looked) : Promise.reject(error)),
            () => Promise.reject(error),
          )
          .catch(() => setRefused({ side: zone, name: file.name, sentence: sentenceOf(error) }));
      }
    }
    setReading(null);
  };

  const map = async (side: Side, columns: Readonly<Record<string, string>>): Promise<void> => {
    const { file } = brought[side]!;
    setRefused(null);
    await thread.ask('look', { file, side, map: columns }).then(
      (looked) => keep(file, looked, columns),
      (error: unknown) => setRefused({ side, name: file.name, sentence: sentenceOf(error) }),
    );
  };

  const { licenses, crm } = brought;
  const isReady = licenses !== null && crm !== null && licenses.looked.missing === null && crm.looked.missing === null;

  const compare = async (aliases = typed.aliases): Promise<void> => {
    if (!licenses || !crm) return;
    setFailure(null);
    setCompared(null);
    setProgress({ share: 0, phase: 'licenses' });
    const given = ({ file, map, exportedAt }: Brought) => ({
      file,
      map,
      exportedAt: new Date(exportedAt || file.lastModified).toISOString(),
    });
    await thread
      .ask('compare', {
        licenses: { ...given(licenses), expected: licenses.count },
        crm: given(crm),
        settings: { companyDomains: domainsIn(typed.domains), domainAliases: aliasesIn(aliases) },
      })
      .then(
        (result) => setCompared((before) => ({ result, at: (before?.at ?? 0) + 1 })),
        (error: unknown) => setFailure(sentenceOf(error)),
      );
    setProgress(null);
  };

  /** An answer to "is this one company?" compares again. */
  const declare = (old: string, current: string): void => {
    const aliases = [typed.aliases.trim(), `${old}=${current}`].filter((line) => line !== '').join('\n');
    setTyped({ ...typed, aliases });
    void compare(aliases);
  };

  return (
    <>
      <a className="skip-link" href="#main">
        {text.shell.skip}
      </a>
      <header className="two-file-head">
        <Wordmark />
        <span className="two-file-lock">
          <IconLock size={15} aria-hidden /> {text.twoFile.nothingSent}
        </span>
        <ColorSchemeSwitch />
      </header>
      <main className="page two-file" id="main" tabIndex={-1}>
        <Title order={1} className="page-title">
          {text.twoFile.title}
        </Title>
        <Text c="dimmed" mt={4} mb="lg" maw="68ch">
          {text.twoFile.lead}
        </Text>
        <Stack gap="lg">
          <div className="sides bring">
            {sides.map((side) => (
              <FileCard
                key={side}
                side={side}
                brought={brought[side]}
                isReading={reading === side}
                refused={refused?.side === side ? refused : null}
                onFiles={(files) => void take(files, side)}
                onAnswers={(answers) => {
                  setCompared(null);
                  setBrought((before) => ({ ...before, [side]: { ...before[side]!, ...answers } }));
                }}
                onMap={(columns) => map(side, columns)}
                onRemove={() => {
                  setCompared(null);
                  setBrought((before) => ({ ...before, [side]: null }));
                }}
              />
            ))}
          </div>
          <div className="bring">
            <Card component="section" aria-labelledby="domains">
              <Text size="sm" c="dimmed">
                {text.compare.beside.step}
              </Text>
              <Title order={2} id="domains" mb="sm">
                {text.twoFile.domainsTitle}
              </Title>
              <div className="sides">
                <TextInput
                  label={text.twoFile.domains}
                  description={text.twoFile.domainsHint}
                  placeholder="acme.example, acme.test"
                  value={typed.domains}
                  onChange={(event) => setTyped({ ...typed, domains: event.currentTarget.value })}
                />
                <Textarea
                  label={text.twoFile.aliases}
                  description={text.twoFile.aliasesHint}
                  placeholder="old-acme.example=acme.example"
                  autosize={false}
                  rows={2}
                  value={typed.aliases}
                  onChange={(event) => setTyped({ ...typed, aliases: event.currentTarget.value })}
                />
              </div>
            </Card>
          </div>
          {failure && (
            <Alert
              data-tone="red"
              className="banner"
              radius="lg"
              role="alert"
              icon={<IconAlertTriangle aria-hidden />}
              title={text.error.compare}
            >
              {failure}
            </Alert>
          )}
          <Group justify="flex-end" gap="md" className="bring">
            <Text size="sm" c="dimmed" role="status">
              {progress
                ? text.twoFile.phases[progress.phase]
                : isReady
                  ? text.compare.ready
                  : text.compare.notReady(licenses === null, crm === null)}
            </Text>
            <Button
              size="md"
              disabled={!isReady}
              loading={progress !== null}
              onClick={() => void compare()}
              leftSection={<IconArrowsLeftRight size={18} aria-hidden />}
            >
              {text.compare.start}
            </Button>
          </Group>
          {progress && <Progress value={100 * progress.share} aria-label={text.twoFile.phases[progress.phase]} />}
          {compared && <Result key={compared.at} thread={thread} compared={compared.result} heading={results} onAlias={declare} />}
        </Stack>
      </main>
    </>
  );
}
