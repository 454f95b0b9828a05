import type { IncomingMessage, ServerResponse } from 'node:http';

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export function end(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

export const json = (response: ServerResponse, status: number, value: unknown): void =>
  end(response, status, { 'content-type': 'application/json' }, jsonBytes(value));
