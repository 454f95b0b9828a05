import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Requests that run when the end is wanted get this long. */
const patienceMs = 5_000;

/** The port cannot be had. The message is one sentence for the person at the terminal. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface Listening {
  /** As this machine reaches it. */
  readonly url: string;
  serve(handle: RequestListener): void;
  /** Called when the server closes, so that what never ends by itself does. */
  onClose(end: () => void): void;
  /** Takes no new requests, and gives those that run a while. */
  close(): Promise<void>;
}

/** A server that says "starting" until it is given the app. */
export async function listen({ port, host }: { port: number; host: string }): Promise<Listening> {
  const ends: (() => void)[] = [];
  let handle: RequestListener = (_request, response) => {
    response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Seatmatch is starting. Try again in a moment.\n');
  };
  const server: Server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new ListenError(
              `Port ${port} is taken: another program (or another Seatmatch) uses it. Choose one with --port, for example --port ${port + 1}.`,
              {
                cause: error,
              },
            )
          : error.code === 'EACCES'
            ? new ListenError(`Port ${port} needs rights that this user has not. Choose one above 1023 with --port.`, { cause: error })
            : error,
      );
    });
    server.listen(port, host, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(given) {
      handle = given;
    },
    onClose: (end) => void ends.push(end),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const end of ends) end();
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const late = setTimeout(() => server.closeAllConnections(), patienceMs);
      await closed;
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}
