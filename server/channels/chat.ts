import { MailNotSent } from '../../connectors/errors.ts';
import { retryAfterMs } from '../../connectors/retry.ts';

/** An incoming webhook. Who has its address may post. */
export interface ChatWebhook {
  readonly kind: 'slack' | 'teams';
  readonly url: string;
}

export interface ChatPost {
  readonly subject: string;
  /** Plain text; a blank line parts paragraphs, lines that begin with "- " are a list. */
  readonly text: string;
  readonly action: { readonly label: string; readonly href: string } | null;
}

/** How long the chat may take to answer, in milliseconds. */
const answerWithin = 20_000;

const gone = 'The chat refused the post. Was the webhook deleted, or the channel archived? Make a new one and enter it in the settings.';
const notNow = 'The chat did not take the post for now.';
const unreachable = 'The chat cannot be reached. Check the network.';
const cutOff = 'The connection was cut off while the post was handed over. It may have arrived.';

/**
 * Posts to Slack (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks) or Teams (a workflow's "When a Teams webhook request
 * is received", which takes an adaptive card). Resolves when the chat has taken it.
 * @returns throws MailNotSent; the address stands in no error
 */
export async function postToChat(
  { kind, url }: ChatWebhook,
  post: ChatPost,
  { signal, within = answerWithin }: { readonly signal: AbortSignal; readonly within?: number },
): Promise<void> {
  signal.throwIfAborted();
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(kind === 'slack' ? slackMessage(post) : teamsMessage(post)),
      // A post that names people goes to that address and nowhere else.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(within)]),
    });
    // What it says may repeat the post; only that it ended counts.
    await response.arrayBuffer();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // Without the cause: its message can hold the address.
    const wasOffered = !(error instanceof TypeError && isBeforeOffer(error));
    throw wasOffered ? new MailNotSent('cut-off', cutOff) : new MailNotSent('not-now', unreachable);
  }
  const { status } = response;
  if (status >= 200 && status < 300) return;
  if (status === 429 || status >= 500)
    throw new MailNotSent('not-now', notNow, { retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()) });
  throw new MailNotSent('refused', gone);
}

/** Whether a failed fetch had not reached the server yet. */
function isBeforeOffer({ cause }: TypeError): boolean {
  const code = (cause as { code?: string } | undefined)?.code ?? '';
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SSL|TLS/u.test(code);
}

/** Slack's control characters (docs.slack.dev/messaging/formatting-message-text). */
const slackText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const slackMessage = ({ subject, text, action }: ChatPost) => ({
  text: subject,
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: `*${slackText(subject)}*` } },
    { type: 'section', text: { type: 'mrkdwn', text: slackText(text) } },
    ...(action === null
      ? []
      : [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: action.label }, url: action.href }] }]),
  ],
});

export const teamsMessage = ({ subject, text, action }: ChatPost) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          { type: 'TextBlock', text: subject, weight: 'Bolder', size: 'Medium', wrap: true },
          ...text.split(/\n{2,}/u).map((paragraph) => ({ type: 'TextBlock', text: paragraph, wrap: true })),
        ],
        ...(action === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: action.label, url: action.href }] }),
      },
    },
  ],
});
