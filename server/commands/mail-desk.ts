import type pg from 'pg';
import { MailNotSent } from '../../connectors/errors.ts';
import { postToChat } from '../channels/chat.ts';
import { openSmtp } from '../channels/mail.ts';
import type { Config } from '../config.ts';
import type { MailDesk } from '../jobs/send-mail.ts';
import { openWebhook } from '../store/chat-webhook.ts';
import type { Engine } from '../store/engine.ts';
import { type SecretKey, SecretUnreadable } from '../store/seal-secret.ts';

/** How this process sends mail. The demo never does: its people are made up, and what it would write is looked at in the outbox. */
export function mailDesk(
  config: Config,
  parts: { pool: pg.Pool; engine: Engine; key: SecretKey | null; ownUrl: string; logError: (error: unknown) => void },
): MailDesk {
  const { smtp, demo, publicUrl } = config;
  return {
    pool: parts.pool,
    engine: parts.engine,
    smtp: smtp && !demo ? { send: openSmtp(smtp), from: smtp.from } : null,
    chat: demo
      ? null
      : async (scope, post, options) => {
          const webhook = parts.key && (await openWebhook(parts.pool, scope, parts.key).catch(unreadable));
          if (!webhook)
            throw new MailNotSent('refused', 'The chat is not set up any more. Enter its webhook in the settings, then send again.');
          await postToChat(webhook, post, options);
        },
    baseUrl: publicUrl ?? parts.ownUrl,
    now: () => new Date(),
    logError: parts.logError,
  };
}

function unreadable(error: unknown): never {
  if (!(error instanceof SecretUnreadable)) throw error;
  throw new MailNotSent(
    'refused',
    'The webhook of the chat was sealed with another key. Give the server that key, or enter the webhook again.',
  );
}
