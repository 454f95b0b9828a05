import type pg from 'pg';
import type { Scope } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import type { NewReconciliation } from '../store/reconciliation.ts';
import { defaultContractSettings, readSettings } from '../store/setting.ts';
import { findUpload, type StoredUpload } from '../store/upload.ts';
import type { Recognition, Side } from './recognize-file.ts';
import { ComparisonRefused, requestReconciliation } from './run-reconciliation.ts';

type RunSettings = NewReconciliation['request']['settings'];

/** What `POST /reconciliations` asks for; the demo and the schedules ask the same way. */
export interface ComparisonAsked {
  readonly licenses: string;
  readonly crm: string;
  readonly crmName?: string | undefined;
  readonly adminCenterCount?: number | undefined;
  readonly exportedAt?: string | undefined;
  readonly crmExportedAt?: string | undefined;
  readonly answers?: NewReconciliation['request']['answers'] | undefined;
  readonly settings?: { readonly [Name in keyof RunSettings]?: RunSettings[Name] | undefined } | undefined;
}

export interface ComparisonParts {
  readonly pool: pg.Pool;
  readonly workspace: Scope;
  /** Who brought the demo's files; null outside the demo. */
  readonly demoActor: string | null;
  /** Told when somebody's own people have taken the place of the made-up ones. */
  readonly leaveDemo: () => void;
}

/** A run that can be asked for: both files are here and are what they were given as. */
export interface PreparedComparison {
  readonly run: NewReconciliation;
  /** The demo's user, where somebody's own people take the place of the made-up ones. */
  readonly replacesDemo: string | null;
}

/**
 * Checks that both files can be compared, and says with what.
 * @throws ComparisonRefused when a file is gone, misses a column or is of the other side
 */
export async function prepareComparison(parts: ComparisonParts, asked: ComparisonAsked, actor: string): Promise<PreparedComparison> {
  const { pool, workspace } = parts;
  const [licenses, crm] = await Promise.all([usableUpload(parts, asked.licenses, 'licenses'), usableUpload(parts, asked.crm, 'crm')]);
  const ownPeople = parts.demoActor !== null && licenses.uploadedBy !== parts.demoActor;
  const { settings, changed } = await readSettings(pool, workspace);
  const isTold = (name: string) => changed.some(({ setting, actor: by }) => setting === name && !(ownPeople && by === parts.demoActor));
  const told = (name: 'crm' | 'crmName') => (isTold(name) ? settings[name] : null);
  const recognized = crm.recognition.crm === 'other' ? null : crm.recognition.crm;
  return {
    run: {
      licensesUpload: licenses.id,
      crmUpload: crm.id,
      files: { licenses: licenses.name, crm: crm.name },
      crmName: asked.crmName ?? told('crmName') ?? crm.recognition.crmName ?? defaultContractSettings.crmName,
      createdBy: actor,
      request: {
        crm: told('crm') ?? recognized ?? defaultContractSettings.crm,
        adminCenterCount: asked.adminCenterCount,
        exportedAt: asked.exportedAt,
        crmExportedAt: asked.crmExportedAt,
        answers: asked.answers ?? {},
        settings: Object.fromEntries(Object.entries(asked.settings ?? {}).filter(([, value]) => value !== undefined)),
      },
    },
    replacesDemo: ownPeople ? parts.demoActor : null,
  };
}

/** Checks that both files can be compared, and starts a run. Returns its id. Throws as `prepareComparison`. */
export async function startComparison(
  parts: ComparisonParts & { readonly engine: Engine },
  asked: ComparisonAsked,
  actor: string,
): Promise<string> {
  const { run, replacesDemo } = await prepareComparison(parts, asked, actor);
  const id = await requestReconciliation(parts.pool, parts.engine, parts.workspace, run, replacesDemo);
  if (replacesDemo !== null) parts.leaveDemo();
  return id;
}

const sideWords = { licenses: 'the license side', crm: 'the CRM side' } as const;

async function usableUpload({ pool, workspace }: ComparisonParts, id: string, side: Side): Promise<StoredUpload<Recognition>> {
  const upload = await findUpload<Recognition>(pool, workspace.workspaceId, id);
  if (!upload) throw new ComparisonRefused(`The file for ${sideWords[side]} is not here (any more). Bring it again.`);
  if (upload.recognition.missing !== null) throw new ComparisonRefused(`${upload.name}: ${upload.recognition.missing}`);
  if (upload.recognition.side !== side) {
    throw new ComparisonRefused(`${upload.name} was given for ${sideWords[side]} and is a file of the other one. Exchange the two files.`);
  }
  return upload;
}
