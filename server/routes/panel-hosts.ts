import type pg from 'pg';
import { givePanelAccess, takePanelAccessBack } from '../jobs/keep-panel-access.ts';
import { listPanelAccess } from '../store/panel-token.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';

export interface PanelHostRoutes {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly publicUrl: string | null;
}

export function panelHostRoutes({
  pool,
  workspace,
  publicUrl,
}: PanelHostRoutes): Pick<Handlers, 'getPanelHosts' | 'givePanelAccess' | 'takePanelAccessBack'> {
  return {
    getPanelHosts: async () => ({ publicUrl, salesforce: await listPanelAccess(pool, workspace) }),
    givePanelAccess: ({ body, actor }) => givePanelAccess(pool, workspace, body.orgId, actor.name),
    takePanelAccessBack: ({ params, actor }) => takePanelAccessBack(pool, workspace, params.id, actor.name),
  };
}
