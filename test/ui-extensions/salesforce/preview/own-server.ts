import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { panelAccessGiven } from '../../../../server/api.ts';
import { serve } from '../../../../server/commands/serve.ts';
import { readConfig } from '../../../../server/config.ts';
import { salesforceId } from '../../../../server/core/salesforce-id.ts';
import type { Org } from './apex-bridge.ts';
import { orgWith } from './named-credential.ts';

export interface OwnServer {
  readonly url: string;
  /** An org that it lets in, with an admin of it who may act. */
  readonly org: Org;
  /** Asks the console's API; throws where that refuses. */
  ask(method: string, address: string, body?: object | string): Promise<unknown>;
  stop(): Promise<void>;
}

/** A whole Seatmatch in a folder of its own, which goes away with it. @param port where it is to be reached; absent: anywhere */
export async function startOwnServer({ demo, port = 0 }: { readonly demo: boolean; readonly port?: number }): Promise<OwnServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'seatmatch-panel-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const config = readConfig({
    PORT: String(port),
    SEATMATCH_DATA: folder,
    SEATMATCH_DEMO: demo ? '1' : '0',
    ...(port === 0 ? {} : { SEATMATCH_PUBLIC_URL: `http://127.0.0.1:${port}` }),
  });
  const running = await serve({ config, log: () => {}, logError: (error) => process.stderr.write(`${String(error)}\n`) }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  const { url, signInUrl } = running;
  let cookie = '';

  async function ask(method: string, address: string, body?: object | string): Promise<unknown> {
    const type = typeof body === 'string' ? 'application/octet-stream' : 'application/json';
    const response = await fetch(new URL(address, url), {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'Content-Type': type }) },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${address} was refused with ${response.status}: ${text.slice(0, 300)}`);
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return text === '' ? null : JSON.parse(text);
  }

  await ask('POST', '/api/session/sign-in', { code: new URL(signInUrl).hash.slice('#code='.length) });
  const orgId = salesforceId('00D5e000000ProD', '00D')!;
  const { tokens } = z.object({ tokens: panelAccessGiven.shape.tokens }).parse(await ask('POST', '/api/panel-hosts/salesforce', { orgId }));
  const org = orgWith({ url, tokens, orgId, userId: salesforceId('0055e000000AnnE', '005')!, userName: 'Ann Example' });
  return {
    url,
    org,
    ask,
    async stop() {
      await running.stop();
      await remove();
    },
  };
}
