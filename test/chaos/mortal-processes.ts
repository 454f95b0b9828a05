import type { Moment } from '../../connectors/linkedin-files/simulator/moments.ts';
import type { TestDatabase } from '../postgres.ts';
import { type OneProcess, type Processes, type ServerProcess, startProcesses } from '../server/child-process-server.ts';
import type { Company } from './company.ts';
import { fileKindOf, type KillList, type KillPoint } from './kill-list.ts';

export interface Kill {
  readonly who: string;
  /** "upload license-off applied", or "by chance". */
  readonly where: string;
}

/** A server and two workers that are started anew whenever they die, and killed as a list says. */
export interface MortalProcesses {
  readonly kills: readonly Kill[];
  /** How often an upload of this name arrived, and how often its sender was killed between arrival and its being carried out. */
  readonly sent: ReadonlyMap<string, { arrived: number; cut: number }>;
  /** A server that answers; waits for one. */
  server(): Promise<ServerProcess>;
  /** From now on the list is worked through. */
  begin(): void;
  /** Whether the list is through. */
  isSpared(): boolean;
  /** Ends that nobody asked for, with what the process wrote last. */
  readonly mishaps: readonly string[];
  stop(): Promise<void>;
}

/** So many points are open at a time: work goes on between two kills. */
const openPoints = 8;

export async function startMortals(company: Company, database: TestDatabase, dataDir: string, list: KillList): Promise<MortalProcesses> {
  const kills: Kill[] = [];
  const mishaps: string[] = [];
  const sent = new Map<string, { arrived: number; cut: number }>();
  const points = [...list.points];
  let chances = list.byChance.length;
  let stopping = false;
  const begun = Promise.withResolvers<void>();
  const servers = waitingRoom<ServerProcess>();

  async function mortal(name: string, start: (processes: Processes) => Promise<OneProcess>) {
    let processes: Processes | null = null;
    async function kill(where: string): Promise<boolean> {
      const [living] = processes?.running() ?? [];
      if (living === undefined) return false;
      kills.push({ who: name, where });
      await living.kill();
      return true;
    }
    const door = await company.openDoor(async (moment) => {
      const point = pointAt(points.slice(0, openPoints), moment, company);
      if (moment.request === 'upload' && moment.at === 'received') entry(sent, moment.name).arrived += 1;
      if (point === undefined || stopping) return;
      if (!(await kill(`${point.request} ${point.file ?? ''} ${point.at}`))) return;
      points.splice(points.indexOf(point), 1);
      if (moment.request === 'upload' && moment.at === 'received') entry(sent, moment.name).cut += 1;
    });
    processes = await startProcesses({
      database,
      dataDir,
      environment: { SEATMATCH_DELIVERY_URL: door.url, SEATMATCH_DELIVERY_TOKEN: door.token },
    });
    const life = (async () => {
      while (!stopping) {
        const born = start(processes).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
        const [one] = processes.running();
        await born;
        const code = await one!.gone;
        if (code !== null && !stopping) mishaps.push(`${name} ended with ${code}: ${one!.output().slice(-2000)}`);
      }
    })();
    return { kill, life, processes };
  }

  const mortals = await Promise.all([
    mortal('serve', async (processes) => {
      const server = await processes.startServer();
      servers.enter(server);
      server.gone.then(() => servers.leave(server));
      return server;
    }),
    mortal('worker 1', (processes) => processes.startWorker()),
    mortal('worker 2', (processes) => processes.startWorker()),
  ]);

  const wait = new AbortController();
  const chance = (async () => {
    await begun.promise;
    for (const { afterMs, victims } of list.byChance) {
      for (let hit = 0; hit === 0 && !stopping; ) {
        await pause(afterMs, wait.signal);
        if (stopping) return;
        hit = (await Promise.all(victims.map((victim) => mortals[victim]!.kill('by chance')))).filter(Boolean).length;
      }
      chances -= 1;
    }
  })();

  return {
    kills,
    sent,
    mishaps,
    server: servers.first,
    begin: begun.resolve,
    isSpared: () => points.length === 0 && chances === 0,
    async stop() {
      stopping = true;
      begun.resolve();
      wait.abort();
      await chance;
      await Promise.all(mortals.map(({ processes }) => processes.stop()));
      await Promise.all(mortals.map(({ life }) => life));
    },
  };
}

function pointAt(open: readonly KillPoint[], { at, request, name }: Moment, { center }: Company): KillPoint | undefined {
  // A result is asked for by its upload's number.
  const file = request === 'result' ? (center.uploads.find(({ number }) => String(number) === name)?.name ?? '') : name;
  return open.find((point) => point.at === at && point.request === request && (point.file === null || point.file === fileKindOf(file)));
}

function entry(sent: Map<string, { arrived: number; cut: number }>, name: string): { arrived: number; cut: number } {
  const known = sent.get(name) ?? { arrived: 0, cut: 0 };
  sent.set(name, known);
  return known;
}

/** Who is there, for those who wait for somebody. */
function waitingRoom<Guest>() {
  const guests = new Set<Guest>();
  let arrived = Promise.withResolvers<void>();
  return {
    enter(guest: Guest) {
      guests.add(guest);
      arrived.resolve();
      arrived = Promise.withResolvers();
    },
    leave: (guest: Guest) => void guests.delete(guest),
    async first(): Promise<Guest> {
      for (;;) {
        for (const guest of guests) return guest;
        await arrived.promise;
      }
    },
  };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
