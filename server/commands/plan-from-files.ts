import { sandboxShare } from '../core/sandbox-share.ts';
import { sandboxPercent } from '../core/settings.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { type ComparedFiles, type CompareRequest, compareFiles } from './compare-files.ts';
import { offerIds } from './offer-ids.ts';
import { type ComparedSides, type PlanCommandOptions, planCommand } from './plan.ts';
import { withoutLicense } from './without-license.ts';

export interface PlanFromFilesOptions extends PlanCommandOptions {
  /** The answer to "is this a sandbox?", for this plan. */
  readonly notASandbox?: boolean | undefined;
}

/** `seatmatch plan` on two files: compares them, then plans. Both files' hashes are sealed with the plan. */
export const planFromFiles = (request: CompareRequest, options: PlanFromFilesOptions, io: CommandIo): Promise<ExitCode> =>
  planCommand(options, io, async () => {
    const { licenses, crm } = request;
    const compared = await compareFiles({ ...request, licenses: { ...licenses, hash: true }, crm: { ...crm, hash: true } });
    // The rows of the report stay readable: they lie on this side's buffers.
    await compared.close();
    return sidesOf(compared, options.notASandbox === true);
  });

function sidesOf(compared: ComparedFiles, notASandbox: boolean): ComparedSides {
  const { reconciliation, licenses, crm } = compared;
  const { settings } = reconciliation.context.stage;
  const { companyDomains, domainAliases, crm: crmKind, crmName } = settings;
  return {
    findings: reconciliation,
    companyDomains: companyDomains.length > 0 ? companyDomains : reconciliation.summary.companyDomains,
    domainAliases,
    crmName,
    crmKind,
    licenses: licenses.proof,
    crm: crm.proof,
    sandbox: !notASandbox && sandboxShare(crm.people) * 100 > sandboxPercent ? crm.proof.source : null,
    others: withoutLicense(licenses),
    ids: offerIds(compared),
  };
}
