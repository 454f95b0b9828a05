import type pg from 'pg';
import { MailNotSent } from '../../connectors/errors.ts';
import { postToChat } from '../channels/chat.ts';
import { openSmtp } from '../channels/mail.ts';
import { postSigned } from '../channels/signed-webhook.ts';
import type { Config } from '../config.ts';
import type { MailDesk } from '../jobs/send-mail.ts';
import { type AlertChannelKind, openAlertChannel } from '../store/alert-channel.ts';
import { openWebhook } from '../store/chat-webhook.ts';
import type { Engine } from '../store/engine.ts';
import { type SecretKey, SecretUnreadable } from '../store/seal-secret.ts';

/** How this process sends mail. The demo never does: its people are made up, and what it would write is looked at in the outbox. */
export function mailDesk(
  config: Config,
  parts: { pool: pg.Pool; engine: Engine; key: SecretKey | null; ownUrl: string; logError: (error: unknown) => void },
): MailDesk {
  const { smtp, demo, publicUrl, loopbackWebhooks } = config;
  const opened = async <Found>(open: (key: SecretKey) => Promise<Found>): Promise<Found | null> =>
    parts.key && (await open(parts.key).catch(unreadable));
  return {
    pool: parts.pool,
    engine: parts.engine,
    smtp: smtp && !demo ? { send: openSmtp(smtp), from: smtp.from } : null,
    chat: demo
      ? null
      : async ({ channelId, ...scope }, post, options) => {
          const found = await opened<{ readonly kind: AlertChannelKind; readonly url: string } | null>((key) =>
            channelId === null ? openWebhook(parts.pool, scope, key) : openAlertChannel(parts.pool, scope, key, channelId),
          );
          if (found?.kind !== 'slack' && found?.kind !== 'teams') throw new MailNotSent('refused', notSetUp);
          await postToChat({ kind: found.kind, url: found.url }, post, options);
        },
    webhook: demo
      ? null
      : async ({ channelId, ...scope }, message, { signal }) => {
          const found = channelId === null ? null : await opened((key) => openAlertChannel(parts.pool, scope, key, channelId));
          if (found?.kind !== 'webhook' || found.secret === null) throw new MailNotSent('refused', notSetUp);
          const { url, secret } = found;
          await postSigned({ url, secret }, message, { signal, allowLoopback: loopbackWebhooks });
        },
    baseUrl: publicUrl ?? parts.ownUrl,
    now: () => new Date(),
    logError: parts.logError,
  };
}

const notSetUp = 'The channel is not set up any more. Enter its address in the settings, then send again.';

function unreadable(error: unknown): never {
  if (!(error instanceof SecretUnreadable)) throw error;
  throw new MailNotSent(
    'refused',
    'The address of the channel was sealed with another key. Give the server that key, or enter the channel again.',
  );
}
