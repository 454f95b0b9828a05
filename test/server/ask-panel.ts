import http from 'node:http';
import { expect } from 'vitest';
import { problem } from '../../server/api.ts';

export const publicUrl = 'https://seatmatch.acme.example';

/** What the answers of these tests hold. */
export interface PanelAnswer {
  readonly status: number;
  readonly text: string;
  readonly body: {
    readonly id: string;
    readonly title: string;
    readonly detail: string;
    readonly idpName: string;
    readonly approvedBy: string;
  } | null;
}

export interface PanelRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** As it is sent. */
  readonly text?: string | undefined;
  readonly host?: string;
}

/** Asks as a CRM's server does: under the public name, which fetch would replace, and without what fetch adds. */
export function askServer(server: string, path: string, { method = 'GET', headers = {}, text, host }: PanelRequest = {}) {
  return new Promise<PanelAnswer>((resolve, reject) => {
    const given = {
      host: host ?? new URL(publicUrl).host,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined));
    const request = http.request({ host: '127.0.0.1', port: new URL(server).port, path, method, headers: sent }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        answer += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text: answer, body: answer === '' ? null : JSON.parse(answer) }));
    });
    request.on('error', reject).end(text);
  });
}

/** What a panel shows of a refusal; checks that it is one. */
export function told(answer: PanelAnswer) {
  const { title, detail, kind, status } = problem.parse(answer.body);
  expect(status).toBe(answer.status);
  return { status, kind, title, detail };
}
