import type { Finding } from '../../../../server/api.ts';
import { text } from '../text.ts';
import { markDifferences, markHidden } from './mark-differences.ts';
import { MarkedEmail } from './marked-email.tsx';

/** Both addresses of one person, one under the other so that what differs can be compared by eye. */
export function EmailPair({ finding, crmName }: { finding: Pick<Finding, 'license' | 'crmUser'>; crmName: string }) {
  const { license, crmUser } = finding;
  const both = license && crmUser ? markDifferences(license.email, crmUser.email) : null;
  return (
    <span className="email-stack">
      {license && (
        <>
          <span className="side">{text.common.license}</span>
          <MarkedEmail runs={both ? both.license : markHidden(license.email)} />
        </>
      )}
      {crmUser && (
        <>
          <span className="side">
            <bdi>{crmName}</bdi>
          </span>
          <MarkedEmail runs={both ? both.crm : markHidden(crmUser.email)} />
        </>
      )}
    </span>
  );
}
