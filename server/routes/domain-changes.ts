import type pg from 'pg';
import { daysAfter } from '../core/open-decisions.ts';
import type { Clock } from '../jobs/clock.ts';
import { countDomain, domainChangeReport, lookAtDomainChange } from '../jobs/look-at-domain-change.ts';
import { endDomainChange, findDomainChange, listDomainChanges, startDomainChange } from '../store/domain-change.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

type DomainChangeEndpoint = 'listDomainChanges' | 'startDomainChange' | 'endDomainChange' | 'getDomainChangeReport';

export interface DomainChangeParts {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly clock: Clock;
}

export function domainChangeRoutes({ pool, workspace, clock }: DomainChangeParts): Pick<Handlers, DomainChangeEndpoint> {
  const today = () => clock.now().toISOString().slice(0, 10);
  return {
    async listDomainChanges() {
      const changes = await listDomainChanges(pool, workspace);
      return { rows: await Promise.all(changes.map((change) => lookAtDomainChange(pool, workspace, change, today()))) };
    },
    async startDomainChange({ body, actor }) {
      const { old, current, days, perWave } = body;
      if (old === current) throw new RequestRefused(400, `${old} cannot become itself. Give the old and the present domain.`);
      const started = await countDomain(pool, workspace, body);
      const startsOn = today();
      const change = { old, current, startsOn, endsOn: daysAfter(startsOn, days), perWave, started };
      return { id: await startDomainChange(pool, workspace, actor.name, change) };
    },
    async endDomainChange({ params, actor }) {
      if (!(await endDomainChange(pool, workspace, actor.name, params.id))) throw notFound('This change of domain');
    },
    async getDomainChangeReport({ params, response }) {
      const change = await findDomainChange(pool, workspace, params.id);
      if (!change) throw notFound('This change of domain');
      response
        .attachment(`domain-change-${change.old}-${today()}.csv`)
        .type('text/csv')
        .send(await domainChangeReport(pool, workspace, change));
    },
  };
}
