import type pg from 'pg';
import type { Settings } from '../api.ts';
import { centerView, isLinkedInAddress } from '../core/admin-center.ts';
import { parseEmail } from '../core/email.ts';
import { readSettings, writeSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { panelCallerOf } from './panel-caller.ts';
import { RequestRefused } from './problem.ts';

export function settingsRoutes({
  pool,
  workspace,
}: {
  pool: pg.Pool;
  workspace: Workspace;
}): Pick<Handlers, 'getSettings' | 'changeSettings'> {
  async function read(): Promise<Settings> {
    const { settings, changed } = await readSettings(pool, workspace);
    return {
      ...settings,
      companyDomains: [...settings.companyDomains],
      domainAliases: [...settings.domainAliases],
      emailAliases: settings.emailAliases.map(([second, main]) => [second, main]),
      adminCenterPages: centerView(settings.adminCenter),
      changed,
    };
  }
  return {
    getSettings: read,
    async changeSettings({ body, actor, request }) {
      // Otherwise whoever may act in a panel might let others in, and keep them there.
      if (body.panelUsers && panelCallerOf(request))
        throw new RequestRefused(403, 'Who may use the panel is said in Seatmatch itself, never in a panel. Ask an admin of Seatmatch.');
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
      const { limits, ...others } = body;
      const before = (await readSettings(pool, workspace)).settings;
      const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
      const defined = Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined));
      await writeSettings(pool, workspace, actor.name, {
        ...given,
        ...(limits ? { limits: { ...before.limits, ...defined } } : {}),
      });
      return read();
    },
  };
}
