import type { QueueDefinition } from '../store/engine.ts';
import type { OpenPlan } from './change-plan.ts';
import { type PlanDesk, planJob } from './plan-desk.ts';

/** Hands a plan's files to Admin Center by itself. Tried for days: between off and on there is no giving up. */
export const deliveryQueue: QueueDefinition = {
  name: 'deliver-files',
  retryLimit: 500,
  retryDelay: 1,
  retryDelayMax: 300,
  expireInSeconds: 900,
};

/** Who does what the server carries out by itself. */
export const automaticDelivery = 'Automatic delivery';

/** Sends the job that hands over whatever file of this plan is out; nothing where people carry the files. */
export async function queueDelivery(desk: PlanDesk, open: OpenPlan): Promise<void> {
  if (open.plan.delivered && open.plan.state === 'running')
    await desk.engine.send(open.client, deliveryQueue.name, planJob(open.scope, open.plan.id));
}
