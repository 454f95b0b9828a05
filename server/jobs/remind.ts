import type pg from 'pg';
import type { Message } from '../core/messages.ts';
import type { Scope } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { type MailRef, queueMail } from '../store/mail.ts';
import { markReminded, type ReminderKey } from '../store/reminder.ts';
import { readSettings } from '../store/setting.ts';

/** A mail that goes out once for its subject, kind and day. */
export interface Reminding {
  readonly key: ReminderKey;
  /** Who it is for: an email address, or a name. */
  readonly to: string | null;
  readonly message: (name: string | null) => Message;
  readonly ref?: MailRef;
}

/**
 * Sends a reminder in the caller's transaction, once. People have names here and no addresses: whoever is not named by an address is
 * reached at those that get alarms. Without one nothing is sent, and nothing is kept as sent.
 * @param at ISO 8601
 */
export async function remind(
  tx: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  { key, to, message, ref }: Reminding,
  at: string,
): Promise<void> {
  const isAddress = to?.includes('@') ?? false;
  const addresses = isAddress ? [to!] : (await readSettings(tx, scope)).settings.alarmRecipients;
  if (addresses.length === 0 || !(await markReminded(tx, scope, key, at))) return;
  for (const address of addresses)
    await queueMail(tx, engine, scope, {
      kind: 'reminder',
      to: { address },
      ...message(isAddress ? null : to),
      ...(ref === undefined ? {} : { ref }),
    });
}
