import type { LicenseCapabilities } from '../../connectors/connector.ts';
import { isLicenseKind, type Plan } from './plan.ts';

/**
 * What an admin said of taking licenses over SCIM. `active = false` may reach other LinkedIn products (inferred), so it stays off until one
 * person, the canary, went and came back and an admin saw that nothing else happened to them. Null: nobody said anything.
 */
export type ScimRemoval = {
  /** The one person, by license id, on whom it may be tried. */
  readonly canary: string;
  /** YYYY-MM-DD: when an admin saw that it was the license alone and that it is back; null: not yet. */
  readonly confirmedOn: string | null;
} | null;

type Licensing = Pick<LicenseCapabilities, 'updateEmail' | 'setLicense' | 'assigns'>;

const instead = 'Choose upload files, or by hand.';

/** Why this plan cannot go over SCIM, in one sentence; null where it can. A plan never contains what its route cannot. */
export function whyNotOverScim({ files }: Pick<Plan, 'files'>, can: Licensing | null, removal: ScimRemoval): string | null {
  const own = files.filter(({ route }) => route === 'scim');
  if (own.length === 0) return null;
  if (can === null) return `No SCIM connection to LinkedIn is set up here. ${instead}`;
  if (!can.updateEmail && own.some(({ kind }) => !isLicenseKind(kind))) return `This connection does not change emails. ${instead}`;
  const rows = own.filter(({ kind }) => isLicenseKind(kind)).flatMap((file) => file.rows);
  if (rows.length === 0 || can.setLicense === 'explicit') return null;
  return whyNoLicenses(rows, can, removal);
}

function whyNoLicenses(rows: Plan['files'][number]['rows'], can: Licensing, removal: ScimRemoval): string | null {
  if (can.setLicense === 'manual') return `This SCIM connection takes and gives no licenses: they are set in Admin Center. ${instead}`;
  if (can.assigns === null)
    return `Nobody said which license LinkedIn’s SCIM gives back, so none is taken over it. Set “assigns” in the connection, or choose upload files.`;
  const { assigns } = can;
  const other = rows.find(({ licenses }) => !namesSame(licenses, assigns));
  if (other !== undefined)
    return `LinkedIn’s SCIM gives back ${assigns.join(', ')}, and ${other.name || other.licenseId} has ${other.licenses.join(', ') || 'another license'}. Leave them out, or choose upload files.`;
  if (removal === null)
    return `Over SCIM a license goes by “active = false”, which may reach other LinkedIn products. Name one person as canary in the settings (scimRemoval) and try it on them alone, or choose upload files.`;
  if (removal.confirmedOn === null && rows.some(({ licenseId }) => licenseId !== removal.canary))
    return `Nobody has confirmed yet that taking a license over SCIM took the license alone. Plan the canary alone, look at them in LinkedIn, confirm it in the settings; then the others. Or choose upload files.`;
  return null;
}

/** Whether two lists name the same licenses, in whatever order. */
export const namesSame = (a: readonly string[], b: readonly string[]): boolean => sorted(a) === sorted(b);

const sorted = (words: readonly string[]): string =>
  words
    .map((word) => word.trim().toLowerCase())
    .toSorted()
    .join('\n');
