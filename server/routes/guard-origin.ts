import type { RequestHandler } from 'express';
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
 */
export const guardOrigin: RequestHandler = (request, response, next) => {
  const { host, origin } = request.headers;
  if (!loopbackNames.includes(hostName(host) ?? '')) {
    sendProblem(response, 421, 'This server answers on this machine only. Open it as http://127.0.0.1 with its port.');
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
