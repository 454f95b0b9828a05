import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type AdminCenter, assignmentsLeft, licensePool, salesTypes, type UploadFaults } from './admin-center.ts';
import { end, json, jsonBytes } from './answer.ts';
import { resultOf, takeUpload } from './bulk-upload.ts';
import { type ExportFilter, type ExportSpelling, exportColumns, exportUsers } from './export-users.ts';
import { type Fault, type RequestKind, takeFault } from './faults.ts';
import type { Moments } from './moments.ts';

/** What the requests of a delivery work on. */
export interface DeliveryDesk {
  readonly center: AdminCenter;
  readonly spelling: ExportSpelling;
  readonly faults: Fault[];
  readonly moments: Moments;
  /** The one that is accepted now. */
  token(): string;
  /** Brings the clock to where it should be. */
  tick(): void;
  changed(): void;
}

export interface Asked {
  readonly kind: RequestKind;
  /** An upload's name, or the number of the upload whose result is asked for. */
  readonly name: string;
}

/** Null: no request of a delivery. */
export function askedFor(method: string, url: URL): Asked | null {
  if (method === 'POST' && url.pathname === '/uploads') return { kind: 'upload', name: url.searchParams.get('name') ?? '' };
  const result = /^\/uploads\/([^/]+)\/result$/.exec(url.pathname);
  if (method === 'GET' && result) return { kind: 'result', name: decodeURIComponent(result[1]!) };
  if (method === 'POST' && url.pathname === '/exports') return { kind: 'export', name: '' };
  return method === 'GET' && url.pathname === '/licenses' ? { kind: 'licenses', name: '' } : null;
}

/** One request of a delivery: received, applied, answered, and whatever goes wrong between. */
export async function serveDelivery(
  desk: DeliveryDesk,
  { kind, name }: Asked,
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { faults, moments } = desk;
  await moments.pass({ at: 'received', request: kind, name });
  if (isLeft(faults, kind, 'received', response) || isTurnedAway(faults, kind, response)) return;
  if (request.headers.authorization !== `Bearer ${desk.token()}`) return json(response, 401, { message: 'Expired access token' });
  desk.tick();
  const done = carryOut(desk, kind, name, bytes);
  await moments.pass({ at: 'applied', request: kind, name });
  // Whoever asked may be gone by now; what was done stays done.
  if (isLeft(faults, kind, 'applied', response) || response.destroyed) return;
  const isCut = takeFault(faults, kind, ['cut-body']) !== null;
  response.writeHead(done.status, { ...done.headers, 'content-length': done.body.length });
  if (isCut) {
    response.write(done.body.subarray(0, done.body.length >> 1), () => response.destroy());
    return;
  }
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.end(done.body);
  });
  await moments.pass({ at: 'answered', request: kind, name });
}

/** True where the request gets no answer, or loses its connection. */
function isLeft(faults: Fault[], kind: RequestKind, at: 'received' | 'applied', response: ServerResponse): boolean {
  const fault = takeFault(faults, kind, ['hang', 'drop'], (one) => one.at === at);
  if (fault?.kind === 'drop') response.destroy();
  return fault !== null;
}

/** With what a vendor's body may hold and nobody may log. */
const problem = (status: number): Buffer =>
  jsonBytes({ message: 'Not now, jane.roe@secret.example, token=abc123', serviceErrorCode: status, status });

/** True where the request was answered with something else than it asked for, and nothing was done. */
function isTurnedAway(faults: Fault[], kind: RequestKind, response: ServerResponse): boolean {
  const fault = takeFault(faults, kind, ['status', 'redirect', 'web-page']);
  switch (fault?.kind) {
    case undefined:
      return false;
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      end(response, fault.status, { 'content-type': 'application/json', ...headers }, problem(fault.status));
      return true;
    }
    case 'redirect':
      end(response, 307, { location: fault.to }, Buffer.alloc(0));
      return true;
    case 'web-page':
      end(response, 200, { 'content-type': 'text/html' }, Buffer.from('<!doctype html><p>Sign in</p>'));
      return true;
  }
}

interface Done {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const nothing = (status: number): Done => ({ status, headers: {}, body: Buffer.alloc(0) });
const asJson = (status: number, value: unknown): Done => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: jsonBytes(value),
});
const csvHeaders = { 'content-type': 'text/csv; charset=utf-8' };

const exportAsked = z.strictObject({
  emails: z.array(z.string()).optional(),
  status: z.enum(['none', 'invited', 'activated']).optional(),
  licenseType: z.string().optional(),
  group: z.string().optional(),
  columns: z.array(z.enum(exportColumns)).optional(),
});

function carryOut(desk: DeliveryDesk, kind: RequestKind, name: string, bytes: Buffer): Done {
  const { center, faults } = desk;
  switch (kind) {
    case 'upload': {
      const number = takeUpload(center, name, bytes, uploadFaults(faults));
      desk.changed();
      return asJson(201, { id: String(number) });
    }
    case 'result': {
      const isWaiting = center.due.some((due) => due.what === 'upload' && String(due.number) === name);
      if (isWaiting || takeFault(faults, kind, ['not-ready'])) return nothing(202);
      const result = resultOf(center, name);
      return result === null ? nothing(404) : { status: 200, headers: csvHeaders, body: Buffer.from(result) };
    }
    case 'export':
      return exported(desk, exportAsked.parse(bytes.length === 0 ? {} : JSON.parse(bytes.toString())));
    case 'licenses': {
      const pool = Object.entries(licensePool(center)).filter(([type]) => salesTypes([type]).length > 0);
      const freeLicenses = pool.reduce((sum, [, { free }]) => sum + free, 0);
      return asJson(200, { freeLicenses, assignmentsLeft: assignmentsLeft(center) });
    }
  }
}

function exported({ center, faults, spelling }: DeliveryDesk, { columns, ...filter }: z.output<typeof exportAsked>): Done {
  const stale = takeFault(faults, 'export', ['stale-read']);
  const lost = takeFault(faults, 'export', ['lost-rows']);
  const { csv, shown, asOf } = exportUsers(center, filter as ExportFilter, columns ? { ...spelling, columns } : spelling, {
    ...(stale ? { stale } : {}),
    lostRows: lost?.rows ?? 0,
  });
  return { status: 200, headers: { ...csvHeaders, 'users-shown': String(shown), 'as-of': asOf }, body: Buffer.from(csv) };
}

function uploadFaults(faults: Fault[]): UploadFaults {
  const firstScan = takeFault(faults, 'upload', ['first-scan']) !== null;
  const stop = takeFault(faults, 'upload', ['critical-stop']);
  const refuse = takeFault(faults, 'upload', ['refuse-rows']);
  return {
    firstScan,
    ...(stop ? { stopAfterBatches: stop.afterBatches } : {}),
    ...(refuse ? { refuseEmails: refuse.emails, refusePercent: refuse.percent } : {}),
  };
}
