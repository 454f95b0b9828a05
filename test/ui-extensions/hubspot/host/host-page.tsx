/** A page that draws what a bundle in a Worker says, with stand-ins for HubSpot's components. */

import { createController, createRemoteReceiver, type RemoteReceiver, RemoteRenderer } from '@remote-ui/react/host';
import { createEndpoint, fromWebWorker } from '@remote-ui/rpc';
import { createRoot } from 'react-dom/client';
import type { Extension, HostActions, Opened, ProxyFetch } from './host-contract.ts';
import { closeOverlay, standIns } from './stand-ins.tsx';

const opened = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Opened;

/** HubSpot adds who asks to each address before it signs it. */
const proxyFetch: ProxyFetch = async (url, { method = 'GET', timeout = 15_000, body, headers }) => {
  const requestUri = new URL(url);
  const { portal, user } = opened.context;
  const who = { userId: user.id, portalId: portal.id, userEmail: user.email, appId: 9001 };
  for (const [name, value] of Object.entries(who)) requestUri.searchParams.set(name, String(value));
  const request = { requestUri: requestUri.href, method, requestTimeoutMillis: timeout, requestBody: body, requestHeaders: headers ?? {} };
  const answer = await fetch(`${opened.proxy}/proxy`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return { status: answer.status, text: await answer.text() };
};

interface WorkerCalls {
  render(extension: Extension, channel: RemoteReceiver['receive'], actions: HostActions, proxyFetch: ProxyFetch): void;
}

const receiver = createRemoteReceiver();
const controller = createController(standIns);
const endpoint = createEndpoint<WorkerCalls>(fromWebWorker(new Worker('/worker.js')), { callable: ['render'] });

function Host() {
  return (
    <>
      <header>
        <p className="notice">Stand-in for HubSpot, for tests only: it looks like HubSpot and is not it.</p>
        <div className="bar">
          <h1>Seatmatch</h1>
          <div id="header-actions" />
        </div>
      </header>
      <main className={opened.place}>
        <RemoteRenderer receiver={receiver} controller={controller} />
      </main>
    </>
  );
}

createRoot(document.getElementById('host')!).render(<Host />);
const { bundle, context, properties } = opened;
void endpoint.call.render(
  { bundle, context, properties },
  receiver.receive,
  { closeOverlay, handsOver: () => void performance.mark('host-handed-over') },
  proxyFetch,
);
