import type pg from 'pg';
import type { DemoCenter, DemoPerson, DemoUpload } from '../api.ts';
import type { ConnectionDesk } from '../jobs/connection-desk.ts';
import { startComparison } from '../jobs/start-comparison.ts';
import { writeAudit } from '../store/audit.ts';
import type { Engine } from '../store/engine.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';
import { readBody } from './read-body.ts';

type License = DemoPerson['license'];

/** The demo's made-up Admin Center. Whatever it refuses it throws, with a sentence. */
export interface AdminCenterDesk {
  isThere(): boolean;
  view(): DemoCenter;
  people(search: string): DemoPerson[];
  upload(name: string, bytes: Uint8Array): DemoUpload;
  result(number: number): { readonly name: string; readonly text: string } | null;
  /** Null: everybody. */
  export(license: License | null): { readonly name: string; readonly csv: string };
  accept(id: string, wrongProfile: boolean): void;
  /** Null: everybody who is invited. */
  resend(ids: readonly string[] | null): void;
  edit(id: string, to: { email?: string; licenses?: readonly string[]; crmSync?: boolean }): void;
  setCrmJob(runs: boolean): void;
  /** Lets time pass, and has everything that is due by then looked at. */
  pass(hours: number): Promise<void>;
  /** Keeps what it shows now as a file of the demo, and says how many people it shows. */
  bringExport(): Promise<{ readonly upload: string; readonly shown: number }>;
  /** The sentence of a refusal; null for any other error. */
  refusalOf(error: unknown): string | null;
}

export interface DemoParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly demoActor: string | null;
  readonly leaveDemo: () => void;
  readonly connections: () => Promise<ConnectionDesk>;
  /** Null outside the demo. */
  readonly adminCenter: AdminCenterDesk | null;
  readonly uploads: { readonly largestBytes: number };
}

type DemoEndpoint =
  | 'getDemoCenter'
  | 'listDemoPeople'
  | 'changeDemoPerson'
  | 'acceptDemoInvitation'
  | 'resendDemoInvitations'
  | 'uploadToDemo'
  | 'getDemoResult'
  | 'exportDemo'
  | 'passDemoTime'
  | 'setDemoCrmJob'
  | 'compareDemo';

/** "Act as LinkedIn": the other side of the demo, played by whoever tries it. */
export function demoRoutes(parts: DemoParts): Pick<Handlers, DemoEndpoint> {
  const { pool, workspace, adminCenter } = parts;

  function open(): AdminCenterDesk {
    if (!adminCenter?.isThere()) throw new RequestRefused(404, 'There is no made-up Admin Center here: it is a part of the demo.');
    return adminCenter;
  }

  /** Says what Admin Center refuses as an answer to whoever asked. */
  async function act<Result>(work: (center: AdminCenterDesk) => Result | Promise<Result>): Promise<Result> {
    const center = open();
    try {
      return await work(center);
    } catch (error) {
      const refusal = center.refusalOf(error);
      throw refusal === null ? error : new RequestRefused(409, refusal, { cause: error });
    }
  }

  const told = (actor: string, action: string, subject: string, detail: object = {}) =>
    writeAudit(pool, workspace.workspaceId, { actor, action: `demo: ${action}`, subject, detail });

  return {
    getDemoCenter: () => act((center) => center.view()),
    listDemoPeople: async ({ query }) => ({ rows: await act((center) => center.people(query.search)) }),
    changeDemoPerson: ({ params, body, actor }) =>
      act(async (center) => {
        center.edit(params.id, {
          ...(body.email === undefined ? {} : { email: body.email }),
          ...(body.licenses === undefined ? {} : { licenses: body.licenses }),
          ...(body.crmSync === undefined ? {} : { crmSync: body.crmSync }),
        });
        await told(actor.name, 'person changed by hand', params.id, { changed: Object.keys(body) });
        return center.view();
      }),
    acceptDemoInvitation: ({ params, body, actor }) =>
      act(async (center) => {
        center.accept(params.id, body.wrongProfile);
        await told(actor.name, 'invitation accepted', params.id, body);
        return center.view();
      }),
    resendDemoInvitations: ({ body, actor }) =>
      act(async (center) => {
        center.resend(body.ids ?? null);
        await told(actor.name, 'invitations sent again', 'Admin Center', { people: body.ids?.length ?? 'everybody' });
        return center.view();
      }),
    async uploadToDemo({ query, actor, request }) {
      open();
      const bytes = await readBody(request, parts.uploads.largestBytes);
      const upload = await act((center) => center.upload(query.name, bytes));
      await told(actor.name, 'file uploaded', query.name, { rows: upload.rows, applied: upload.applied, refused: upload.refused });
      return upload;
    },
    async getDemoResult({ params, response }) {
      const result = await act((center) => center.result(params.number));
      if (result === null) throw notFound('This result file');
      response.attachment(result.name).type('text/csv').send(result.text);
    },
    async exportDemo({ query, response }) {
      const { name, csv } = await act((center) => center.export(query.license === 'all' ? null : query.license));
      response.attachment(name).type('text/csv').send(csv);
    },
    passDemoTime: ({ body, actor }) =>
      act(async (center) => {
        await center.pass(body.hours);
        await told(actor.name, 'time passed', 'Admin Center', body);
        return center.view();
      }),
    setDemoCrmJob: ({ body, actor }) =>
      act(async (center) => {
        center.setCrmJob(body.runs);
        await told(actor.name, body.runs ? 'CRM job runs' : 'CRM job does not run', 'Admin Center');
        return center.view();
      }),
    compareDemo: ({ actor }) =>
      act(async (center) => {
        const [run] = await doneReconciliations(pool, workspace, 1);
        if (!run) throw new RequestRefused(409, 'Nothing was compared yet, so there is no CRM list to compare with.');
        const { upload, shown } = await center.bringExport();
        return { id: await startComparison(parts, { licenses: { upload }, crm: run.crm, adminCenterCount: shown }, actor.name) };
      }),
  };
}
