/**
 * Runs a bundle as HubSpot does: in a Worker of its own, with the globals that HubSpot's SDK and its bundler count on. Written after
 * what the published SDK asks for; HubSpot's own worker is not published.
 */
import { createRemoteRoot, type RemoteChannel } from '@remote-ui/core';
import * as RemoteUI from '@remote-ui/react';
import { createEndpoint, fromWebWorker, retain } from '@remote-ui/rpc';
import * as React from 'react';
import type { Extension, HostActions, ProxyFetch } from './host-contract.ts';

type Draw = (api: { actions: object; context: object }) => React.ReactElement;

const own = self as unknown as Record<string, unknown> & { importScripts(url: string): void };
let draw: Draw | null = null;

const quiet = () => {};
Object.assign(own, {
  React,
  RemoteUI,
  __HUBSPOT_EXTENSION_WORKER__: true,
  logger: { debug: quiet, info: quiet, warn: console.warn, error: console.error },
  extend_V2: (callback: Draw) => {
    draw = callback;
  },
});

const endpoint = createEndpoint(fromWebWorker(self as unknown as Worker), { callable: [] });

endpoint.expose({
  render(extension: Extension, channel: RemoteChannel, actions: HostActions, proxyFetch: ProxyFetch) {
    for (const held of [channel, actions, proxyFetch]) retain(held);
    const { context, properties } = extension;
    const api = {
      context,
      actions: {
        addAlert: quiet,
        closeOverlay: actions.closeOverlay,
        fetchCrmObjectProperties: async () => properties,
        onCrmPropertiesUpdate: quiet,
      },
    };
    Object.assign(own, {
      hsFetch: async (url: string | URL, options: object = {}) => {
        const { status, text } = await proxyFetch(String(url), options);
        return new Response(status === 204 ? null : text, { status });
      },
      hsWorkerAPI: { useExtensionContext: () => context, useExtensionActions: () => api.actions, useExtensionApi: () => api },
    });
    own.importScripts(extension.bundle);
    if (!draw) throw new Error('The bundle never called hubspot.extend.');
    actions.handsOver();
    const root = createRemoteRoot(channel, { strict: false });
    RemoteUI.createRoot(root).render(draw(api));
    root.mount();
  },
});
