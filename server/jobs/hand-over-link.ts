import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { SecretKey } from '../store/seal-secret.ts';

/** Whose tasks a link opens, and in whose name. */
export interface HandOver {
  readonly contractId: string;
  readonly planId: string;
  /** Who gave the link away: what is done through it is done in their name. */
  readonly actor: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const told = z.tuple([z.uuid(), z.uuid(), z.string().min(1).max(500), z.int().positive()]);

/** Long enough for an upload at the end of the day, short enough for an address that somebody may pass on. */
export const handOverHours = 24;

const sign = ({ key }: SecretKey, payload: string): Buffer => {
  // A key of its own: what seals connections never signs.
  const own = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'seatmatch hand-over 1', 32));
  return createHmac('sha256', own).update(payload).digest();
};

/** A token that opens one plan's tasks until then; whoever has it may hand out its files and bring their proofs. Nothing of it is kept. */
export function makeHandOverToken(key: SecretKey, { contractId, planId, actor, until }: HandOver): string {
  const payload = Buffer.from(JSON.stringify([contractId, planId, actor, until])).toString('base64url');
  return `${payload}.${sign(key, payload).toString('base64url')}`;
}

/** Null: not made with this key, or changed on its way. */
export function readHandOverToken(key: SecretKey, token: string, now: Date): (HandOver & { readonly isOver: boolean }) | null {
  const [payload, signature, ...more] = token.split('.');
  if (!payload || !signature || more.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  const made = sign(key, payload);
  if (given.length !== made.length || !timingSafeEqual(given, made)) return null;
  const [contractId, planId, actor, until] = told.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  return { contractId, planId, actor, until, isOver: now.getTime() >= until };
}
