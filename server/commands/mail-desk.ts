import type pg from 'pg';
import { openSmtp } from '../channels/mail.ts';
import type { Config } from '../config.ts';
import type { MailDesk } from '../jobs/send-mail.ts';
import type { Engine } from '../store/engine.ts';

/** How this process sends mail. The demo never does: its people are made up, and what it would write is looked at in the outbox. */
export function mailDesk(
  config: Config,
  parts: { pool: pg.Pool; engine: Engine; ownUrl: string; logError: (error: unknown) => void },
): MailDesk {
  const { smtp, demo, publicUrl } = config;
  return {
    pool: parts.pool,
    engine: parts.engine,
    smtp: smtp && !demo ? { send: openSmtp(smtp), from: smtp.from } : null,
    baseUrl: publicUrl ?? parts.ownUrl,
    now: () => new Date(),
    logError: parts.logError,
  };
}
