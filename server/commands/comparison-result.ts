import { isIncomplete } from '../core/guard-read.ts';
import { readInvitations } from '../core/read-invitations.ts';
import { sandboxShare } from '../core/sandbox-share.ts';
import type { Comparison, ComparisonRequest } from '../jobs/run-reconciliation.ts';
import type { ComparedFiles } from './compare-files.ts';
import { offerIds } from './offer-ids.ts';
import { withoutLicense } from './without-license.ts';

/** What a comparison of two files says beside its findings. */
export function comparisonResult(files: ComparedFiles, request: ComparisonRequest): ReturnType<Comparison['result']> {
  const { reconciliation: compared, licenses, crm } = files;
  const named = (name: string, warnings: readonly string[]) => warnings.map((warning) => `${name}: ${warning}`);
  const { received, rejected, expected, kind } = licenses.proof;
  const isComplete = rejected === 0 && (kind === 'listing' || received === expected);
  return {
    summary: compared.summary,
    proofs: { licenses: licenses.proof, crm: crm.proof },
    rejects: { licenses: licenses.rejects, crm: crm.rejects },
    warnings: [...named(request.licenses.name, licenses.warnings), ...named(request.crm.name, crm.warnings), ...files.beside],
    asOf: licenses.proof.asOf,
    crmOrigin: crm.answered,
    sandboxShare: sandboxShare(crm.people),
    withoutLicense: withoutLicense(licenses),
    idOffer: offerIds(files),
    invitations: readInvitations(compared, request.invitations, { isComplete, hasMost: !isIncomplete(licenses.proof) }),
    crmInvitations: files.crmInvitations,
  };
}
