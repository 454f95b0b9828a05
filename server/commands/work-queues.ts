import path from 'node:path';
import type pg from 'pg';
import { connectionCarrier } from '../jobs/carry-over-connection.ts';
import { planQueue } from '../jobs/change-plan.ts';
import type { Clock } from '../jobs/clock.ts';
import { compareInThread } from '../jobs/compare-in-thread.ts';
import { workDeliveries } from '../jobs/deliver-files.ts';
import { followRun, learnQueue, workLearning } from '../jobs/learn-from-run.ts';
import { lookAtAlerts } from '../jobs/look-at-alerts.ts';
import { workPlans } from '../jobs/look-at-plans.ts';
import type { WatchedFolders } from '../jobs/newest-file.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import { deliveryQueue } from '../jobs/queue-delivery.ts';
import { uploadPath } from '../jobs/receive-file.ts';
import { remindInvited } from '../jobs/remind-invited.ts';
import { remindOfContracts } from '../jobs/remind-of-contracts.ts';
import { reconciliationQueue, takeUpUnfinished, workReconciliations } from '../jobs/run-reconciliation.ts';
import { type ScheduleRunner, scheduleQueue, workSchedules } from '../jobs/run-schedule.ts';
import { sendDigests } from '../jobs/send-digests.ts';
import { type MailDesk, takeUpMail, workMail } from '../jobs/send-mail.ts';
import { startTicking } from '../jobs/tick-schedules.ts';
import type { Scope } from '../store/database.ts';
import type { Engine, QueueDefinition } from '../store/engine.ts';
import { mailQueue } from '../store/mail.ts';
import type { StoredReconciliation } from '../store/reconciliation.ts';
import { linkedinPlanDesk, linkedinPlanTools } from './linkedin-plan-tools.ts';
import { openDeliveries } from './open-deliveries.ts';
import type { ConnectionParts } from './open-stored-connection.ts';
import { type Backend, root } from './start-backend.ts';

/** What the work is done with, beside the backend. A server answers people with the same. */
export interface Desks {
  /** Null for a worker that does not know where links in mail lead: it leaves mail to others. */
  readonly mail: MailDesk | null;
  readonly folders: WatchedFolders;
  readonly scheduling: ScheduleRunner;
  readonly plans: PlanDesk;
}

export function openDesks({ config, pool, engine, uploads, connections, demo, center, clock, logError }: Backend): Omit<Desks, 'mail'> {
  const folders = { uploads, base: path.resolve(root, config.watchDir), settle: { pauseMs: 2_000, mostMs: 60_000 } };
  const deliveries = openDeliveries(config, clock.now);
  const carries = connectionCarrier({ connections, tools: linkedinPlanTools, now: clock.now });
  const plans = linkedinPlanDesk({ pool, engine: waitingBy(clock, engine), now: clock.now, deliveries, carries });
  const demoParts = { connections, demoActor: demo?.name ?? null, leaveDemo: () => center?.end() };
  return { folders, plans, scheduling: { pool, engine, folders, ...demoParts, now: () => new Date(), logError } };
}

/** Plans wait by their own clock. Mail does not: it leaves by the machine's. */
const waitingBy = (clock: Clock, engine: Engine): Pick<Engine, 'send'> => ({
  send(tx, queue, data, options = {}) {
    const { startAfter } = options;
    const isPlans = queue === planQueue.name || queue === deliveryQueue.name;
    return engine.send(tx, queue, data, startAfter && isPlans ? { ...options, startAfter: clock.machineTime(startAfter) } : options);
  },
});

interface WorkedQueue {
  readonly definition: QueueDefinition;
  /** Has the queue's jobs done in this process, after taking up what a process that died left behind. */
  work(backend: Backend, desks: Desks): Promise<void>;
}

/** Every queue with the work it carries. A new one is added here, and every process has it. */
const queues: readonly WorkedQueue[] = [
  {
    definition: reconciliationQueue,
    async work({ config, pool, engine, uploads, databaseUrl, secretKey, clock, logError, stopping }) {
      await takeUpUnfinished(pool, engine);
      const parts: ConnectionParts = { databaseUrl, key: secretKey, configFile: config.configFile, isDemo: config.demo };
      const compare = compareInThread(new URL('./comparison-thread.mjs', import.meta.url), parts);
      const pathOfUpload = (id: string) => uploadPath(uploads.directory, id);
      const withIt = (client: pg.PoolClient, scope: Scope, run: StoredReconciliation) =>
        followRun(client, engine, scope, run, clock.now().toISOString());
      await workReconciliations(engine, { pool, compare, pathOfUpload, withIt, logError }, stopping);
    },
  },
  {
    definition: mailQueue,
    async work({ pool, engine, log, stopping }, { mail }) {
      if (mail === null) {
        log('Mail is left to the server: with SEATMATCH_PUBLIC_URL this worker would know where links lead, and send it as well.');
        return;
      }
      await takeUpMail(pool, engine);
      await workMail(mail, stopping);
    },
  },
  { definition: planQueue, work: ({ engine, logError }, { plans }) => workPlans(engine, plans, logError) },
  { definition: deliveryQueue, work: ({ engine, logError }, { plans }) => workDeliveries(engine, plans, logError) },
  {
    definition: learnQueue,
    work: ({ engine, uploads, logError }, { plans }) => workLearning(engine, plans, (id) => uploadPath(uploads.directory, id), logError),
  },
  { definition: scheduleQueue, work: ({ engine }, { scheduling }) => workSchedules(engine, scheduling) },
];

export const queueDefinitions: readonly QueueDefinition[] = queues.map(({ definition }) => definition);

/** Has the jobs of all queues done in this process. */
export async function workQueues(backend: Backend, desks: Desks): Promise<void> {
  for (const queue of queues) await queue.work(backend, desks);
}

/** Looks from now on which schedules, and which reminders of whole contracts, are due. */
export async function tickSchedules(backend: Backend, { scheduling, plans }: Pick<Desks, 'scheduling' | 'plans'>): Promise<void> {
  const ticking = await startTicking({
    ...scheduling,
    alsoLook: async () => {
      await remindOfContracts(plans);
      await remindInvited(plans);
      await sendDigests(plans);
      await lookAtAlerts(plans);
    },
  });
  backend.onStop(ticking.stop);
}
