import type pg from 'pg';
import type { Settings } from '../api.ts';
import { centerView, isLinkedInAddress } from '../core/admin-center.ts';
import { parseEmail } from '../core/email.ts';
import { chooseDelivery } from '../jobs/choose-delivery.ts';
import type { Clock } from '../jobs/clock.ts';
import type { ConnectionDesk } from '../jobs/connection-desk.ts';
import { monthLedger } from '../jobs/month-ledger.ts';
import { transaction } from '../store/database.ts';
import { readSettings, storeSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { panelCallerOf } from './panel-caller.ts';
import { RequestRefused } from './problem.ts';

export function settingsRoutes({
  pool,
  workspace,
  clock,
  connections,
  serverCarries,
}: {
  pool: pg.Pool;
  workspace: Workspace;
  clock: Clock;
  connections: () => Promise<ConnectionDesk>;
  serverCarries: Settings['serverCarries'];
}): Pick<Handlers, 'getSettings' | 'changeSettings'> {
  async function read(): Promise<Settings> {
    const known = await readSettings(pool, workspace);
    const { settings, changed } = known;
    return {
      ...settings,
      companyDomains: [...settings.companyDomains],
      domainAliases: [...settings.domainAliases],
      emailAliases: settings.emailAliases.map(([second, main]) => [second, main]),
      adminCenterPages: centerView(settings.adminCenter),
      changed,
      ledger: await monthLedger(pool, workspace, known, clock.now().toISOString()),
      serverCarries,
    };
  }
  return {
    getSettings: read,
    async changeSettings({ body, actor, request }) {
      // Whoever may repair in a CRM says neither who else may, nor whom no plan may change.
      if (panelCallerOf(request) && Object.keys(body).some((name) => name !== 'limits'))
        throw new RequestRefused(
          403,
          'A panel changes limits alone. Everything else is said in Seatmatch itself: ask an admin of Seatmatch.',
        );
      const loop = body.domainAliases?.find((alias) => alias.old === alias.current);
      if (loop) throw new RequestRefused(400, `${loop.old} cannot be an alias of itself. Give the old and the present domain.`);
      const foreign = body.adminCenter?.links.find(({ href }) => !isLinkedInAddress(href));
      if (foreign)
        throw new RequestRefused(
          400,
          `“${foreign.href}” is not a page of LinkedIn. Give an address of linkedin.com that begins with https://.`,
        );
      for (const address of body.emailAliases?.flat() ?? []) {
        const parsed = parseEmail(address);
        if (parsed.kind === 'address') continue;
        throw new RequestRefused(
          400,
          `"${address}" is not an email address${parsed.kind === 'invalid' ? `: ${parsed.why}` : ''}. Correct it, then save again.`,
        );
      }
      const { limits, delivery, ...others } = body;
      const before = (await readSettings(pool, workspace)).settings;
      const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
      const defined = Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined));
      await transaction(pool, async (client) => {
        const chosen = delivery === undefined ? {} : await chooseDelivery(connections, client, workspace, delivery);
        await storeSettings(client, workspace, actor.name, {
          ...given,
          ...chosen,
          ...(limits ? { limits: { ...before.limits, ...defined } } : {}),
        });
      });
      return read();
    },
  };
}
