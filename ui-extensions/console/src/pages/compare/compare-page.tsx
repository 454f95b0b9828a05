import './compare.css';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconArrowsLeftRight, IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Connection, NewReconciliation, Side, Upload } from '../../../../../server/api.ts';
import { bringProofAnywhere, createReconciliation, createUpload } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { text } from '../../text.ts';
import { FoundJob, type FoundJobs } from '../plans/find-job.tsx';
import { askedOf, BesideCard, type OtherSource } from './beside-card.tsx';
import { type Answers, answersOf, SideCard } from './side-card.tsx';

/** A connection in the place of a file, as it stands in the address. */
const fromConnection = (id: string): string => `connection:${id}`;

/** The two files and the run are in the address, so that a reload or Back loses nothing. */
export function ComparePage() {
  const [parameters, setParameters] = useSearchParams();
  const run = parameters.get('run');
  return run ? (
    <Running id={run} onAgain={() => setParameters({})} />
  ) : (
    <Bring
      ids={{ licenses: parameters.get('licenses'), crm: parameters.get('crm') }}
      onSides={(changes) => {
        // The address of now: an upload may have taken minutes, and the router's own "before" is that of the last drawing.
        const next = new URLSearchParams(window.location.search);
        for (const [side, id] of Object.entries(changes)) {
          if (id) next.set(side, id);
          else next.delete(side);
        }
        setParameters(next, { replace: true, preventScrollReset: true });
      }}
    />
  );
}

function Running({ id, onAgain }: { id: string; onAgain: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <Page title={text.compare.running} documentTitle={text.nav.compare}>
      <RunProgress
        id={id}
        onAgain={onAgain}
        onDone={async () => {
          await client.invalidateQueries({ queryKey: ['overview'] });
          await navigate('/');
        }}
      />
    </Page>
  );
}

/** A contract that says where its lists come from begins with that; what is taken away stays away. */
function useDefaultSources(ids: Record<Side, string | null>, onSides: (changes: Partial<Record<Side, string | null>>) => void): void {
  const id = useQuery(queries.overview).data?.contract.id;
  const contract = useQuery(queries.contracts).data?.rows.find((row) => row.id === id);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || !contract) return;
    begun.current = true;
    const { licenses, crm } = contract;
    const from = {
      ...(licenses && ids.licenses === null ? { licenses: fromConnection(licenses) } : {}),
      ...(crm?.connection && ids.crm === null ? { crm: fromConnection(crm.connection) } : {}),
    };
    if (Object.keys(from).length > 0) onSides(from);
  }, [contract, ids, onSides]);
}

function Bring({ ids, onSides }: { ids: Record<Side, string | null>; onSides: (changes: Partial<Record<Side, string | null>>) => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const overview = useQuery(queries.overview);
  const connections = (useQuery(queries.connections).data?.rows ?? []).filter(({ lists }) => lists);
  const live: Record<Side, Connection | null> = {
    licenses: connections.find(({ id }) => ids.licenses === fromConnection(id)) ?? null,
    crm: connections.find(({ id }) => ids.crm === fromConnection(id)) ?? null,
  };
  const isFile = (id: string | null): id is string => id !== null && !id.startsWith(fromConnection(''));
  const licenses = useQuery({ ...queries.upload(ids.licenses ?? ''), enabled: isFile(ids.licenses) });
  const crm = useQuery({ ...queries.upload(ids.crm ?? ''), enabled: isFile(ids.crm) });
  const [answers, setAnswers] = useState<Record<Side, Answers>>({ licenses: {}, crm: {} });
  const [refused, setRefused] = useState<{ side: Side | null; name: string; error: unknown } | null>(null);
  const [found, setFound] = useState<FoundJobs | null>(null);
  const [usage, setUsage] = useState<Upload | null>(null);
  const [unknown, setUnknown] = useState<File[]>([]);
  const latest = useQuery({ ...queries.run(overview.data?.latest?.id ?? ''), enabled: Boolean(overview.data?.latest) }).data;
  // Those of the newest comparison are looked up again until somebody says otherwise.
  const [chosenOthers, setOthers] = useState<readonly OtherSource[] | null>(null);
  const others = chosenOthers ?? latest?.otherCrms ?? [];
  const [reading, setReading] = useState<Side | 'page' | null>(null);

  useDefaultSources(ids, onSides);

  const keep = (side: Side, upload: Upload): void => {
    client.setQueryData(queries.upload(upload.id).queryKey, upload);
    setAnswers((before) => ({ ...before, [side]: {} }));
  };

  /** Recognition decides the side; only where it cannot does the zone count, or a question. */
  const take = async (files: readonly File[], zone: Side | null): Promise<void> => {
    setRefused(null);
    setFound(null);
    setUsage(null);
    setReading(zone ?? 'page');
    const kept: Partial<Record<Side, string>> = {};
    for (const file of files) {
      try {
        let upload = await createUpload(file, null);
        if (!upload.side && zone && upload.kind !== 'usage-report') upload = await createUpload(file, zone);
        if (upload.kind === 'usage-report') {
          setUsage(upload);
        } else if (upload.side) {
          keep(upload.side, upload);
          kept[upload.side] = upload.id;
        } else setUnknown((before) => [...before, file]);
      } catch (error) {
        // LinkedIn's answer to an upload is neither list: it has a repair of its own.
        const rows = await bringProofAnywhere(file, null).then(
          (taken) => taken.rows,
          () => null,
        );
        if (rows === null) setRefused({ side: zone, name: file.name, error });
        else setFound({ name: file.name, rows });
      }
    }
    onSides(kept);
    setReading(null);
  };

  const decideSide = async (file: File, side: Side): Promise<void> => {
    setUnknown((before) => before.filter((other) => other !== file));
    setReading(side);
    await createUpload(file, side).then(
      (upload) => {
        keep(side, upload);
        onSides({ [side]: upload.id });
      },
      (error: unknown) => setRefused({ side, name: file.name, error }),
    );
    setReading(null);
  };

  const compare = useMutation({
    mutationFn: (run: NewReconciliation) => createReconciliation(run),
    onSuccess: ({ id }) => navigate(`/compare?run=${id}`),
  });
  /** A connection, or a file and what was answered about it; null while there is neither. */
  const sourceOf = (side: Side, file: Upload | undefined) => {
    const connection = live[side];
    if (connection) return { id: { connection: connection.id }, answers: {} };
    return isFile(ids[side]) && file && !file.missing ? { id: file.id, answers: answersOf(file, answers[side]) } : null;
  };
  const sources = { licenses: sourceOf('licenses', licenses.data), crm: sourceOf('crm', crm.data) };
  const ready = sources.licenses !== null && sources.crm !== null;
  const start = (): void => {
    if (sources.licenses === null || sources.crm === null) return;
    const left: ReturnType<typeof answersOf> = sources.licenses.answers;
    const right: ReturnType<typeof answersOf> = sources.crm.answers;
    compare.mutate({
      licenses: sources.licenses.id,
      crm: sources.crm.id,
      ...(chosenOthers ? { otherCrms: chosenOthers.map(askedOf) } : {}),
      ...(right.crmName ? { crmName: right.crmName } : {}),
      ...(left.count === undefined ? {} : { adminCenterCount: left.count }),
      ...(left.exportedAt ? { exportedAt: left.exportedAt } : {}),
      ...(right.exportedAt ? { crmExportedAt: right.exportedAt } : {}),
    });
  };
  const sides: readonly Side[] = ['licenses', 'crm'];

  return (
    <Page title={text.nav.compare} lead={text.compare.lead}>
      <Dropzone.FullScreen
        withinPortal={false}
        active={reading === null}
        onDrop={(files: File[]) => void take(files, null)}
        multiple
        maxFiles={2}
      >
        <Group justify="center" mih={220} style={{ pointerEvents: 'none' }}>
          <IconFileUpload size={36} aria-hidden />
          <Text size="xl" fw={600}>
            {text.compare.dropAnywhere}
          </Text>
        </Group>
      </Dropzone.FullScreen>
      <Stack gap="lg">
        {unknown.map((file) => (
          <Alert
            key={file.name + file.lastModified}
            data-tone="petrol"
            radius="lg"
            title={text.compare.whichSide(file.name)}
            className="banner"
          >
            <Group gap="xs">
              {sides.map((side) => (
                <Button
                  key={side}
                  size="xs"
                  variant={side === 'licenses' ? 'filled' : 'default'}
                  onClick={() => void decideSide(file, side)}
                >
                  {text.compare.sides[side]}
                </Button>
              ))}
              <Button size="xs" variant="subtle" onClick={() => setUnknown(unknown.filter((other) => other !== file))}>
                {text.compare.neither}
              </Button>
            </Group>
          </Alert>
        ))}
        {usage && (
          <Alert data-tone="petrol" radius="lg" title={text.usage.isReport(usage.name)} className="banner">
            <Button component={Link} to={`/usage?${new URLSearchParams({ file: usage.id })}`} size="xs">
              {text.usage.takeIn}
            </Button>
          </Alert>
        )}
        {found && <FoundJob found={found} title={text.job.isResult(found.name)} />}
        {refused && refused.side === null && <ProblemPanel error={refused.error} what={text.compare.refused(refused.name)} />}
        <div className="sides">
          {sides.map((side) => {
            const query = side === 'licenses' ? licenses : crm;
            return (
              <SideCard
                key={side}
                side={side}
                upload={isFile(ids[side]) ? (query.data ?? null) : null}
                connection={live[side]}
                connections={connections.filter((connection) => connection.side === side)}
                onConnection={(id) => onSides({ [side]: fromConnection(id) })}
                loading={reading === side || reading === 'page' || (isFile(ids[side]) && query.isPending)}
                answers={answers[side]}
                onAnswers={(next) => setAnswers((before) => ({ ...before, [side]: next }))}
                onFiles={(files) => void take(files, side)}
                onUpload={(upload) => client.setQueryData(queries.upload(upload.id).queryKey, upload)}
                onRemove={() => onSides({ [side]: null })}
                refused={
                  refused?.side === side
                    ? refused
                    : query.error && isFile(ids[side])
                      ? { name: text.compare.earlierFile, error: query.error }
                      : null
                }
                crm={overview.data?.contract.crm ?? null}
              />
            );
          })}
        </div>
        <BesideCard
          connections={connections.filter(({ id, side }) => side === 'crm' && id !== live.crm?.id)}
          others={others}
          onOthers={setOthers}
          now={Date.parse(overview.data?.now ?? new Date().toISOString())}
        />
        {compare.error && <ProblemPanel error={compare.error} what={text.error.compare} onRetry={start} />}
        <Text size="sm" c="dimmed">
          {text.twoFile.offer}{' '}
          <a href="/two-file-page.html" download>
            {text.twoFile.offerLink}
          </a>
          . {text.twoFile.offerRest}
        </Text>
        <Group justify="flex-end" gap="md" className="compare-bar">
          <Text size="sm" c="dimmed" role="status">
            {ready ? text.compare.ready : text.compare.notReady(!licenses.data && !live.licenses, !crm.data && !live.crm)}
          </Text>
          <Button
            size="md"
            disabled={!ready}
            loading={compare.isPending}
            onClick={start}
            leftSection={<IconArrowsLeftRight size={18} aria-hidden />}
          >
            {text.compare.start}
          </Button>
        </Group>
      </Stack>
    </Page>
  );
}
