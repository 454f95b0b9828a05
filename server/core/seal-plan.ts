import type { Plan } from './plan.ts';

/** A plan and the SHA-256 of its content, both sides' versions included: what was approved is what is carried out. */
export interface SealedPlan {
  readonly plan: Plan;
  /** Hex. */
  readonly seal: string;
}

/** SHA-256 of a text's UTF-8, hex. A parameter, so that this room needs no runtime. */
export type Sha256 = (text: string) => string;

export type SealCheck = { readonly ok: true } | { readonly ok: false; readonly code: 'tampered' | 'expired'; readonly sentence: string };

export const sealPlan = (plan: Plan, sha256: Sha256): SealedPlan => ({ plan, seal: sha256(canonicalJson(plan)) });

/** The one text a sealed plan has as a file. A file that differs from it in any byte is not the plan that was approved. */
export const writeSealedPlan = (sealed: SealedPlan): string => `${JSON.stringify(inOrder(sealed), null, 2)}\n`;

/** `now` is ISO 8601; null asks for the content only, for results of a plan that has run out. */
export function verifySeal(sealed: SealedPlan, sha256: Sha256, now: string | null): SealCheck {
  if (sha256(canonicalJson(sealed.plan)) !== sealed.seal)
    return { ok: false, code: 'tampered', sentence: 'The plan was changed after it was made. Make a new plan; nothing was done.' };
  if (now !== null && Date.parse(now) > Date.parse(sealed.plan.expiresAt))
    return {
      ok: false,
      code: 'expired',
      sentence: `The plan ran out at ${sealed.plan.expiresAt}: people may have changed since. Compare again and make a new plan.`,
    };
  return { ok: true };
}

/** RFC 8785 for the values that a plan holds: texts, whole numbers, true, false, null. */
const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value));

/** The same value with its keys in code unit order, however it was put together. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, inOrder(member)]),
  );
}
