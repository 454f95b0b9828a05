import type pg from 'pg';
import type { AgreedWindow } from '../core/agreed-window.ts';
import type { AlertSettings } from '../core/alerts.ts';
import type { ReportDigest } from '../core/digest-due.ts';
import type { InvitationRules } from '../core/invitation-view.ts';
import type { SeatPrice } from '../core/mismatch-report.ts';
import type { ScimRemoval } from '../core/scim-removal.ts';
import {
  type AdminCenterSetting,
  type ContractFacts,
  defaultAdminCenter,
  defaultAlerts,
  defaultSettings,
  noContractFacts,
  type ReconcileSettings,
  sandboxPercent,
  zohoInvitationDays,
} from '../core/settings.ts';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, transaction } from './database.ts';
import { notify } from './notify.ts';

/** What a contract can be told; the API's settings have the same shape. */
export interface ContractSettings {
  readonly crm: string;
  readonly crmName: string;
  readonly companyDomains: readonly string[];
  readonly domainAliases: ReconcileSettings['domainAliases'];
  readonly emailAliases: ReconcileSettings['emailAliases'];
  readonly seatScope: ReconcileSettings['seatScope'];
  readonly idpName: string;
  readonly managedByDefault: ReconcileSettings['managedByDefault'];
  readonly otherCrms: ReconcileSettings['otherCrms'];
  readonly waiting: ReconcileSettings['waiting'];
  readonly duplicateProfiles: ReconcileSettings['duplicateProfiles'];
  readonly ownSubscriptions: ReconcileSettings['ownSubscriptions'];
  /** Who gets mail when an alarm is raised. Empty: nobody, it stands on the pages only. */
  readonly alarmRecipients: readonly string[];
  /** What is watched, from when on it is told, and over which channels. */
  readonly alerts: AlertSettings;
  /** When mail that can wait does wait: "HH:MM" in an IANA time zone. Null: never. */
  readonly quietHours: { readonly from: string; readonly to: string; readonly timeZone: string } | null;
  /** This month's assignments as Admin Center shows them, typed in by a person; null while nobody did. */
  readonly assignments: { readonly month: string; readonly limit: number; readonly used: number } | null;
  /** Licenses that are free, as Admin Center shows; null while nobody said. */
  readonly freeLicenses: number | null;
  readonly contractFacts: ContractFacts;
  /** What a license costs; null: nobody said, and nothing is guessed. */
  readonly seatPrice: SeatPrice | null;
  /** Who is mailed what changed in the report, and when; null: nobody. */
  readonly reportDigest: ReportDigest | null;
  /** Which of LinkedIn's admin pages people see, and where these are. */
  readonly adminCenter: AdminCenterSetting;
  /** When licenses may be taken; null: at any time. */
  readonly removalWindow: AgreedWindow | null;
  /** License ids that no plan changes. */
  readonly protectedPeople: readonly string[];
  /** License ids whose new address may lie outside the company's domains: contractors. */
  readonly releasedPeople: readonly string[];
  /**
   * How plans change LinkedIn: as the server was started; by people who carry files; over a connection of this contract, or by hand where
   * that is one of the kind linkedin-guided.
   */
  readonly delivery: 'server' | 'people' | { readonly connection: string };
  /** What an admin said of taking licenses over SCIM; null: nothing, and none is. */
  readonly scimRemoval: ScimRemoval;
  /** HubSpot users, by id or email, who may use the panel there beside super admins, who may do everything in it. */
  readonly panelUsers: { readonly mayAct: readonly string[]; readonly mayRead: readonly string[] };
  /** How open invitations are followed. */
  readonly invitations: InvitationRules;
  /** The account's link that lets anybody in whom an admin has added; null: nobody gave it. */
  readonly universalInviteLink: string | null;
  readonly limits: {
    readonly rowsPerFile: number;
    readonly emailFileMaxAgeDays: number;
    readonly staleAfterDays: number;
    readonly oddRunPercent: number;
    readonly oddRunPeople: number;
    readonly sandboxPercent: number;
    readonly crmJobHours: number;
    /** How many days Zoho's own invitation is good. */
    readonly invitationDays: number;
    /** A list on which licenses are removed may be this old. */
    readonly removalMaxAgeHours: number;
    /** How long somebody has to answer whether their license may move. */
    readonly answerDays: number;
    /** A plan that nobody approves runs out. */
    readonly planHours: number;
    /** Whose last access is longer ago counts as idle. */
    readonly idleDays: number;
  };
}

export const defaultContractSettings: ContractSettings = {
  crm: defaultSettings.crm,
  crmName: defaultSettings.crmName,
  companyDomains: defaultSettings.companyDomains,
  domainAliases: defaultSettings.domainAliases,
  emailAliases: defaultSettings.emailAliases,
  seatScope: defaultSettings.seatScope,
  idpName: defaultSettings.idpName,
  managedByDefault: defaultSettings.managedByDefault,
  otherCrms: defaultSettings.otherCrms,
  waiting: defaultSettings.waiting,
  duplicateProfiles: defaultSettings.duplicateProfiles,
  ownSubscriptions: defaultSettings.ownSubscriptions,
  alarmRecipients: [],
  alerts: defaultAlerts,
  quietHours: null,
  assignments: null,
  freeLicenses: null,
  contractFacts: noContractFacts,
  seatPrice: null,
  reportDigest: null,
  adminCenter: defaultAdminCenter,
  removalWindow: null,
  protectedPeople: [],
  releasedPeople: [],
  delivery: 'server',
  scimRemoval: null,
  panelUsers: { mayAct: [], mayRead: [] },
  invitations: {
    remind: false,
    firstAfterDays: 3,
    cooldownDays: 7,
    mostReminders: 3,
    resendAfterDays: 7,
    targetPercent: 90,
  },
  universalInviteLink: null,
  limits: {
    rowsPerFile: 2000,
    emailFileMaxAgeDays: 3,
    staleAfterDays: 7,
    oddRunPercent: 20,
    oddRunPeople: 5,
    sandboxPercent,
    crmJobHours: 24,
    invitationDays: zohoInvitationDays,
    removalMaxAgeHours: 24,
    answerDays: 7,
    planHours: 24,
    idleDays: 60,
  },
};

/** Who changed which setting last, and when. */
export interface SettingChange {
  readonly setting: string;
  readonly actor: string;
  readonly at: string;
}

/** The settings in force, and who changed them; what nobody changed is the default and stands in no row. */
export async function readSettings(db: Queryable, scope: Scope): Promise<{ settings: ContractSettings; changed: SettingChange[] }> {
  const { rows } = await db.query<{ name: string; value: unknown; changed_by: string; changed_at: Date }>(
    'select name, value, changed_by, changed_at from setting where workspace_id = $1 and contract_id = $2 order by name',
    [scope.workspaceId, scope.contractId],
  );
  const stored = Object.fromEntries(rows.map((row) => [row.name, row.value])) as Partial<ContractSettings>;
  return {
    settings: {
      ...defaultContractSettings,
      ...stored,
      limits: { ...defaultContractSettings.limits, ...stored.limits },
      alerts: { ...defaultAlerts, ...stored.alerts, events: { ...defaultAlerts.events, ...stored.alerts?.events } },
    },
    changed: rows.map((row) => ({ setting: row.name, actor: row.changed_by, at: row.changed_at.toISOString() })),
  };
}

/** Stores each value under its name with actor and time, and the old and new value in the audit log. */
export const writeSettings = (pool: pg.Pool, scope: Scope, actor: string, values: Partial<ContractSettings>): Promise<void> =>
  transaction(pool, (client) => storeSettings(client, scope, actor, values));

/** Whether somebody of the CRM pays for Sales Navigator by themselves: a list that two people may change at once. */
export const sayOwnSubscription = (pool: pg.Pool, scope: Scope, actor: string, crmUserId: string, has: boolean): Promise<void> =>
  transaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('own subscriptions ' || $1, 0))`, [scope.contractId]);
    const { ownSubscriptions } = (await readSettings(client, scope)).settings;
    if (ownSubscriptions.includes(crmUserId) === has) return;
    const others = ownSubscriptions.filter((id) => id !== crmUserId);
    await storeSettings(client, scope, actor, { ownSubscriptions: has ? [...others, crmUserId] : others });
  });

/** The same in the caller's transaction. */
export async function storeSettings(client: pg.ClientBase, scope: Scope, actor: string, values: Partial<ContractSettings>): Promise<void> {
  const { settings: before } = await readSettings(client, scope);
  // Whose CRM it is was said anew; which connection reads it is said beside that.
  if (values.crm !== undefined && values.crm !== before.crm)
    await client.query('update contract set crm_connection = null where workspace_id = $1 and contract_id = $2', [
      scope.workspaceId,
      scope.contractId,
    ]);
  for (const [name, value] of Object.entries(values) as [keyof ContractSettings, unknown][]) {
    await client.query(
      `insert into setting (workspace_id, contract_id, name, value, changed_by) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, contract_id, name)
         do update set value = excluded.value, changed_by = excluded.changed_by, changed_at = now()`,
      [scope.workspaceId, scope.contractId, name, JSON.stringify(value), actor],
    );
    await writeAudit(client, scope.workspaceId, {
      actor,
      action: 'setting changed',
      subject: name,
      detail: { before: before[name], after: value },
    });
  }
  await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'settings', id: scope.contractId });
}
