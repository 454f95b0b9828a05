import type pg from 'pg';
import type { ConnectionDesk } from '../jobs/connection-desk.ts';
import { panelPortals } from '../jobs/hubspot-panel.ts';
import { givePanelAccess, takePanelAccessBack } from '../jobs/keep-panel-access.ts';
import { listPanelAccess } from '../store/panel-token.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';

export interface PanelHostRoutes {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly publicUrl: string | null;
  readonly connections: () => Promise<ConnectionDesk>;
}

export function panelHostRoutes({
  pool,
  workspace,
  publicUrl,
  connections,
}: PanelHostRoutes): Pick<Handlers, 'getPanelHosts' | 'givePanelAccess' | 'takePanelAccessBack'> {
  return {
    async getPanelHosts() {
      const [salesforce, hubspot] = await Promise.all([
        listPanelAccess(pool, workspace),
        connections().then((desk) => panelPortals(desk, workspace)),
      ]);
      return { publicUrl, salesforce, hubspot };
    },
    givePanelAccess: ({ body, actor }) => givePanelAccess(pool, workspace, body.orgId, actor.name),
    takePanelAccessBack: ({ params, actor }) => takePanelAccessBack(pool, workspace, params.id, actor.name),
  };
}
