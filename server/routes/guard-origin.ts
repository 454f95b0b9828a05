import type { RequestHandler } from 'express';
import { panelAddressOf } from './panel-caller.ts';
import { sendProblem } from './problem.ts';

const loopbackNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** The name in a Host header, without its port; null when it is no host. */
function hostName(host: string | undefined): string | null {
  if (!host) return null;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}

/**
 * Only pages of this server may speak to it. A page of somebody else's that has pointed its own name at 127.0.0.1 (DNS
 * rebinding) shows itself by the Host header, a cross-site request by Origin or Sec-Fetch-Site.
 *
 * Pages behind a link (/answer/…, /hand-over/…) are the exception: they may be opened under the public address too, and their forms come
 * without an origin, as these pages send no referrer. There no cookie is of use; who has the link's token may act.
 *
 * CRMs' panels ask under the public address as well: it is their servers that do, never a browser, which would say so.
 *
 * So do tools that read feeds: they have the token of one, and no cookie opens any.
 *
 * @param publicUrl where people outside this machine reach it, an origin; null: nowhere
 */
export function guardOrigin(publicUrl: string | null): RequestHandler {
  const publicName = publicUrl === null ? null : new URL(publicUrl).hostname;
  return (request, response, next) => {
    const { host, origin } = request.headers;
    const name = hostName(host) ?? '';
    const isByLink = request.path.startsWith('/answer/') || request.path.startsWith('/hand-over/');
    const isPanel = panelAddressOf(request) !== null;
    const isFeed = request.path.startsWith('/feeds/');
    if (!loopbackNames.includes(name) && !((isByLink || isPanel || isFeed) && name === publicName)) {
      sendProblem(response, 421, 'This server answers on this machine only. Open it as http://127.0.0.1 with its port.');
      return;
    }
    if (isByLink || isFeed) return next();
    if (isPanel && (origin !== undefined || request.headers['sec-fetch-site'] !== undefined)) {
      sendProblem(response, 403, 'Only the servers of a CRM may ask here. Open the panel in your CRM.');
      return;
    }
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const crossSite = request.headers['sec-fetch-site'] === 'cross-site' || request.headers['sec-fetch-site'] === 'same-site';
    if ((origin !== undefined && origin !== `http://${host}`) || (crossSite && !reads)) {
      sendProblem(response, 403, 'This request comes from another site. Use the pages of this server.');
      return;
    }
    next();
  };
}
