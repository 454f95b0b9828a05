import { Buffer } from 'node:buffer';
import type pg from 'pg';
import { z } from 'zod';
import type { LicenseHolderRow } from '../api.ts';
import { inCenter } from '../core/admin-center.ts';
import { addByEmailSteps, addByFileSteps, beforeInvitingSteps, type GuidedStep, groupSteps } from '../core/guided-steps.ts';
import { permissionLabels } from '../core/license-kinds.ts';
import { reportCsv } from '../core/report-csv.ts';
import { useLabels } from '../core/usage.ts';
import type { Clock } from '../jobs/clock.ts';
import { type AskedFilter, filterOf, lookAtGroups, lookAtLicenses } from '../jobs/look-at-licenses.ts';
import type { OfferTools } from '../jobs/offer-files.ts';
import { offerNewUsers } from '../jobs/offer-new-users.ts';
import { writeAudit } from '../store/audit.ts';
import { type HolderFilter, type HolderPosition, type HolderRow, listHolders } from '../store/person-detail.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { RequestRefused } from './problem.ts';

export interface LicenseParts {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly offerTools: OfferTools;
}

type LicenseEndpoint = 'getLicenses' | 'listLicenseHolders' | 'getLicenseHoldersCsv' | 'getNewUsers' | 'getNewUsersFile' | 'getGroups';

const position = z.tuple([z.string(), z.string()]);

function readCursor(cursor: string): HolderPosition {
  try {
    const [name, key] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { name, key };
  } catch (error) {
    throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.', { cause: error });
  }
}

const writeCursor = ({ name, key }: HolderPosition): string => Buffer.from(JSON.stringify([name, key])).toString('base64url');

const stateLabels: Readonly<Record<HolderRow['license']['state'], string>> = {
  activated: 'Activated',
  invited: 'Invited',
  assigned: 'Assigned',
};

const toRow = ({ key, licenseId, name, email, licenses, license, crm, label, sentence, use }: HolderRow): LicenseHolderRow => ({
  key,
  licenseId,
  name,
  email,
  licenses: [...licenses],
  state: stateLabels[license.state],
  permission: permissionLabels[license.permission],
  groups: [...license.groups],
  team: crm?.team ?? '',
  lastAccess: license.lastAccess,
  use,
  invitedOn: license.invitedOn,
  activatedOn: license.activatedOn,
  reason: label,
  sentence,
});

const csvColumns = [
  'name',
  'license_email',
  'licenses',
  'license_status',
  'permission',
  'groups',
  'crm_team',
  'last_access',
  'use',
  'days_active',
  'invited_on',
  'activated_on',
  'reason',
  'sentence',
] as const;

export function licenseRoutes({ pool, workspace, clock, offerTools }: LicenseParts): Pick<Handlers, LicenseEndpoint> {
  /** Null before the first comparison. */
  async function filterNow(asked: Omit<AskedFilter, 'now'>): Promise<HolderFilter | null> {
    const [[run], { settings }] = await Promise.all([doneReconciliations(pool, workspace, 1), readSettings(pool, workspace)]);
    return run ? filterOf(pool, workspace, run, settings, { ...asked, now: clock.now().toISOString() }) : null;
  }
  /** Steps in the words of the admin pages that people here see. */
  async function stepsNow() {
    const { adminCenter } = (await readSettings(pool, workspace)).settings;
    return (of: readonly GuidedStep[]) => inCenter(adminCenter, of).map((step) => ({ ...step }));
  }
  const newUsersNow = (leaveOut: readonly string[]) => offerNewUsers(pool, workspace, offerTools, leaveOut, clock.now().toISOString());
  return {
    getLicenses: () => lookAtLicenses(pool, workspace, clock.now().toISOString()),
    async listLicenseHolders({ query }) {
      const { cursor, limit, ...asked } = query;
      const filter = await filterNow(asked);
      if (filter === null) return { rows: [], total: 0, next: null };
      const after = cursor === undefined ? null : readCursor(cursor);
      const page = await listHolders(pool, workspace, filter, { after, limit });
      return { rows: page.rows.map(toRow), total: page.total, next: page.next && writeCursor(page.next) };
    },
    async getLicenseHoldersCsv({ query, response }) {
      const filter = await filterNow(query);
      const rows: HolderRow[] = [];
      for (let after: HolderPosition | null = null; filter !== null; ) {
        const page = await listHolders(pool, workspace, filter, { after, limit: 2_000 });
        rows.push(...page.rows);
        after = page.next;
        if (after === null) break;
      }
      const cells = rows
        .map(toRow)
        .map((row) => [
          row.name,
          row.email,
          row.licenses.join('; '),
          row.state,
          row.permission,
          row.groups.join('; '),
          row.team,
          row.lastAccess ?? '',
          row.use === null ? '' : useLabels[row.use.state],
          row.use?.daysActive == null ? '' : String(row.use.daysActive),
          row.invitedOn ?? '',
          row.activatedOn ?? '',
          row.reason,
          row.sentence,
        ]);
      response
        .attachment(`licenses-${query.view}-${clock.now().toISOString().slice(0, 10)}.csv`)
        .type('text/csv')
        .send(reportCsv(csvColumns, cells));
    },
    async getNewUsers({ query }) {
      const steps = await stepsNow();
      const { refusal, rows, notAdded, files, blocks } = await newUsersNow(query.leaveOut);
      return {
        sentence: sentenceOf(rows.length, rows.filter(({ uniqueUserId }) => uniqueUserId !== '').length),
        refusal,
        rows: rows.map(({ key, name, email, uniqueUserId, team, ready }) => ({ key, name, email, uniqueUserId, team, ready })),
        notAdded: [...notAdded],
        files: files.map((file) => ({ name: file.name, rows: file.rows.length })),
        blocks: [...blocks],
        byFile: steps(addByFileSteps),
        byEmail: steps(addByEmailSteps),
        before: steps(beforeInvitingSteps),
        closedBy: 'The next export of all users shows who was added. Until then they stay on this list, whatever anybody ticks.',
      };
    },
    async getNewUsersFile({ params, query, actor, response }) {
      const { files } = await newUsersNow(query.leaveOut);
      const file = files.find(({ name }) => name === params.name);
      if (!file) throw new RequestRefused(404, `There is no file ${params.name} any more. Open the list of new users again.`);
      await writeAudit(pool, workspace.workspaceId, {
        actor: actor.name,
        action: 'file that adds users downloaded',
        subject: file.name,
        detail: { people: file.rows.length },
      });
      response.attachment(file.name).type('text/csv').send(file.text);
    },
    async getGroups() {
      const steps = await stepsNow();
      const { crmName, found, permissions } = await lookAtGroups(pool, workspace);
      return {
        crmName,
        groups: found.groups.map((group) => ({ ...group, teams: [...group.teams] })),
        withoutGroup: found.withoutGroup,
        elsewhere: {
          count: found.elsewhere,
          sentence: `${found.elsewhere} ${found.elsewhere === 1 ? 'person is' : 'people are'} not in the group that is named like their team in ${crmName}.`,
        },
        teamsWithoutGroup: [...found.teamsWithoutGroup],
        permissions: permissions.map(({ withoutLicense, ...rest }) => ({
          ...rest,
          withoutLicense: withoutLicense.map(({ name, email }) => ({ name, email })),
        })),
        sentence: 'Shown only. Seatmatch never writes groups or permissions: a file with one group would take a person out of all others.',
        changeIt: steps(groupSteps),
      };
    },
  };
}

function sentenceOf(people: number, withId: number): string {
  if (people === 0) return 'Nobody has to be added.';
  const ids =
    withId === people ? 'each with the employee number as Unique User ID' : `${withId} of them with the employee number as Unique User ID`;
  return `${people === 1 ? 'One person is' : `${people} people are`} added, ${ids}. Each is sent an invitation and takes one license.`;
}
