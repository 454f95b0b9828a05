import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface ReceivedMail {
  readonly to: string[];
  readonly from: string;
  /** The whole message as it came. */
  readonly raw: string;
  /** A header's value, unfolded; null when it is not there. */
  header(name: string): string | null;
}

export interface MailServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** What the next messages are answered with, in order; then they are taken. `hang`: never. `drop`: the connection is cut after the message. */
  readonly answers: ({ code: number; text: string } | 'hang' | 'drop')[];
  /** Connections that said hello. */
  connections(): number;
  close(): Promise<void>;
}

/** A real SMTP server on a port of its own; `atEnd` is given the way to close it. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const answers: MailServer['answers'] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 10,
    onConnect(_session, done) {
      connections++;
      done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const answer = answers.shift();
        const raw = Buffer.concat(parts).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        if (answer === undefined || answer === 'hang' || answer === 'drop') {
          received.push({ raw, from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), header: headerOf(raw) });
        }
        if (answer === 'hang') return;
        if (answer === 'drop') {
          for (const connection of server.connections) connection._socket.destroy();
          return;
        }
        if (answer) done(Object.assign(new Error(answer.text), { responseCode: answer.code }));
        else done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  atEnd(close);
  return { port: (server.server.address() as AddressInfo).port, received, answers, connections: () => connections, close };
}

function headerOf(raw: string): ReceivedMail['header'] {
  const head = raw.split('\r\n\r\n')[0]!.replaceAll(/\r\n[ \t]+/gu, ' ');
  return (name) => head.match(new RegExp(`^${name}: (.*)$`, 'imu'))?.[1] ?? null;
}
