/** Where each vendor's incoming webhooks live; anything else is refused, so that nobody makes this server ask an address of theirs. */
const hosts = {
  slack: /^hooks\.slack(-gov)?\.com$/u,
  teams: /(^|\.)(webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)$/u,
} as const;

/** Null: it is one; else why not. */
export function notAWebhook(kind: keyof typeof hosts, address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'https:' && url.port === '' && url.username === '' && hosts[kind].test(url.hostname)) return null;
  return kind === 'slack'
    ? 'This is no incoming webhook of Slack. It begins with https://hooks.slack.com/services/.'
    : 'This is no incoming webhook of Teams. Make a workflow “Post to a channel when a webhook request is received” and copy its address.';
}
