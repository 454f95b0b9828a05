import { Readable } from 'node:stream';
import { lookAtAllPlans } from '../jobs/look-at-plans.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import { receiveFile, type Uploads } from '../jobs/receive-file.ts';
import type { AdminCenterDesk } from '../routes/demo.ts';
import { CenterRefused, type DemoCenter } from './demo-center.ts';

/** The demo's Admin Center as its page uses it, with what its clock and its exports mean for Seatmatch. */
export function adminCenterDesk(center: DemoCenter, plans: PlanDesk, uploads: Uploads, demoActor: string): AdminCenterDesk {
  return {
    ...center,
    async pass(hours) {
      center.pass(hours);
      await lookAtAllPlans(plans, uploads.workspace);
    },
    async bringExport() {
      const { name, csv, shown, asOf } = center.export(null);
      const told = { name, side: 'licenses', modifiedAt: asOf, actor: demoActor } as const;
      return { upload: await receiveFile(uploads, Readable.from([Buffer.from(csv)]), told), shown };
    },
    refusalOf: (error) => (error instanceof CenterRefused ? error.message : null),
  };
}
