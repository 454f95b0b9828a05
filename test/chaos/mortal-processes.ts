import type { ServerRoute } from '../../server/core/status.ts';
import type { TestDatabase } from '../postgres.ts';
import { type OneProcess, type Processes, type ServerProcess, startProcesses } from '../server/child-process-server.ts';
import type { Company } from './company.ts';
import type { KillList } from './kill-list.ts';

export interface Kill {
  readonly who: string;
  /** "upload license-off applied", or "by chance". */
  readonly where: string;
}

/** A server and two workers that are started anew whenever they die, and killed as a list says. */
export interface MortalProcesses {
  readonly kills: readonly Kill[];
  /** How often a write of this name arrived, and how often its sender was killed between arrival and its being carried out. */
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

export async function startMortals(
  company: Company,
  route: ServerRoute,
  database: TestDatabase,
  dataDir: string,
  list: KillList,
): Promise<MortalProcesses> {
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
    const environment = await company.openDoor(route, dataDir, async ({ at, request, file, write }) => {
      const isArrival = write !== '' && at === 'received';
      const point = points.slice(0, openPoints).find((one) => one.at === at && one.request === request && one.file === file);
      if (isArrival) entry(sent, write).arrived += 1;
      if (point === undefined || stopping) return;
      // Several requests of one process may be at the same point.
      points.splice(points.indexOf(point), 1);
      if (await kill(`${point.request} ${point.file ?? ''} ${point.at}`)) {
        if (isArrival) entry(sent, write).cut += 1;
      } else points.push(point);
    });
    processes = await startProcesses({ database, dataDir, environment });
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
