/**
 * LinkedIn Admin Center on a local port: the HTTPS delivery that https-delivery.ts speaks, and a control endpoint for what people do by
 * hand, for time, for faults and for the truth. LinkedIn documents that files can be handed over by HTTPS (upload, download the result)
 * but not how, so the paths and bodies are ours; `deliveryPaths` in https-delivery.ts holds the same ones as its default.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { type AdminCenter, loadState } from './simulator/admin-center.ts';
import { bodyOf, json } from './simulator/answer.ts';
import { type UploadAnswer, uploadFile } from './simulator/bulk-upload.ts';
import { advanceTo } from './simulator/clock.ts';
import { type Command, carryOut, type Refusal } from './simulator/commands.ts';
import { type ExportedUsers, type ExportFilter, type ExportSpelling, exportUsers } from './simulator/export-users.ts';
import { type Fault, type FaultInput, faultSchema, type RequestKind } from './simulator/faults.ts';
import { type Moment, watchMoments } from './simulator/moments.ts';
import { serveControl } from './simulator/serve-control.ts';
import { askedFor, serveDelivery } from './simulator/serve-delivery.ts';

export interface SimulatorOptions {
  /** Where it begins; it is changed in place and can be written down as JSON at any moment. */
  readonly center: AdminCenter;
  /** Default 0: any free one. */
  readonly port?: number;
  /** What a delivery must present. */
  readonly token?: string;
  readonly spelling?: ExportSpelling;
  /** Milliseconds since 1970. Given, the center's clock runs with it, ahead of it by what was advanced; else it stands until it is moved. */
  readonly clock?: () => number;
  /** Called at every moment of a request; the request goes on when it resolves. */
  readonly onMoment?: (moment: Moment) => void | Promise<void>;
  /** Called after every change, to keep the state somewhere. */
  readonly onChange?: (center: AdminCenter) => void;
}

export interface Simulator {
  /** Where a delivery points, without a slash at the end. */
  readonly url: string;
  readonly controlUrl: string;
  /** The one that is accepted now. */
  readonly token: string;
  readonly center: AdminCenter;
  /** Puts a state in the place of the present one. */
  load(state: AdminCenter): void;
  /** A command in the same process; over HTTP: POST to the control URL. */
  act(command: Command): Refusal | null;
  /** An upload by a person's hand, without delivery and faults of the network. */
  uploadByHand(name: string, bytes: Uint8Array): UploadAnswer;
  /** A download by a person's hand. */
  exportByHand(filter?: ExportFilter): ExportedUsers;
  fault(fault: FaultInput): void;
  /** Holds the next requests of a kind at a moment, until `release`. What is held goes on afterwards, whether or not the caller still lives. */
  hold(at: 'received' | 'applied', request: RequestKind, times?: number): void;
  release(): void;
  /** The moments after a number, waiting for one where there is none. */
  momentsAfter(number: number, patienceMs?: number): Promise<readonly Moment[]>;
  close(): Promise<void>;
}

/** Starts an Admin Center on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { center, spelling = {}, clock, onChange = () => {} } = options;
  let token = options.token ?? 'delivery-token';
  let ahead = clock ? center.now - clock() : 0;

  function noteLead(): void {
    if (clock) ahead = center.now - clock();
    onChange(center);
  }

  const desk = {
    center,
    spelling,
    faults: [] as Fault[],
    moments: watchMoments(options.onMoment),
    token: () => token,
    setToken(next: string) {
      token = next;
    },
    tick() {
      if (clock) advanceTo(center, clock() + Math.max(0, ahead));
    },
    changed: () => onChange(center),
    act(command: Command) {
      desk.tick();
      const refusal = carryOut(center, command);
      noteLead();
      return refusal;
    },
    load(state: AdminCenter) {
      loadState(center, state);
      noteLead();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    const bytes = await bodyOf(request);
    if (url.pathname.startsWith('/control')) return serveControl(desk, method, url, bytes, response);
    const asked = askedFor(method, url);
    if (asked === null) return json(response, 404, { message: 'Not found' });
    await serveDelivery(desk, asked, bytes, request, response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else json(response, error instanceof z.ZodError ? 400 : 500, { message: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    controlUrl: `${url}/control`,
    get token() {
      return token;
    },
    center,
    load: desk.load,
    act: desk.act,
    uploadByHand(name, bytes) {
      desk.tick();
      const answer = uploadFile(center, name, bytes);
      onChange(center);
      return answer;
    },
    exportByHand(filter = {}) {
      desk.tick();
      return exportUsers(center, filter, spelling);
    },
    fault(fault) {
      desk.faults.push(faultSchema.parse(fault));
    },
    hold(at, request, times = 1) {
      desk.moments.hold({ at, request, times });
    },
    release: desk.moments.release,
    momentsAfter: (number, patienceMs = 30_000) => desk.moments.after(number, patienceMs),
    async close() {
      desk.moments.release();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
