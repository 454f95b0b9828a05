import { describe, expect, test } from 'vitest';
import { MailNotSent } from '../../../connectors/errors.ts';
import { type OutgoingMail, openSmtp, type SmtpSettings } from '../../../server/channels/mail.ts';
import { type MailServer, startMailServer } from './mail-server.ts';

const mail: OutgoingMail = {
  messageId: '<1@seatmatch.example>',
  to: { address: 'anna@acme.example', name: 'Anna Ahlund' },
  subject: 'Your license moves on 1 December',
  text: 'Hello Anna,\n\nGrüße.',
  html: '<p>Hello Anna</p>',
};
const never = new AbortController().signal;
const short = { connect: 2_000, answer: 300 };

const settings = (server: Pick<MailServer, 'port'>, more: Partial<SmtpSettings> = {}): SmtpSettings => ({
  host: '127.0.0.1',
  port: server.port,
  encryption: 'none',
  auth: null,
  from: 'Seatmatch <seatmatch@acme.example>',
  ...more,
});

const send = (server: Pick<MailServer, 'port'>, change: Partial<OutgoingMail> = {}, more: Partial<SmtpSettings> = {}) =>
  openSmtp(settings(server, more), short)({ ...mail, ...change }, { signal: never });

async function faultOf(sending: Promise<void>): Promise<MailNotSent> {
  const error = await sending.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MailNotSent);
  return error as MailNotSent;
}

describe('a mail', () => {
  test('arrives with both parts, its Message-ID, and a mark that no person wrote it', async () => {
    const server = await startMailServer();
    await send(server);
    const [got] = server.received;
    expect(got).toMatchObject({ from: 'seatmatch@acme.example', to: ['anna@acme.example'] });
    expect(got!.header('Message-ID')).toBe('<1@seatmatch.example>');
    expect(got!.header('From')).toBe('Seatmatch <seatmatch@acme.example>');
    expect(got!.header('To')).toBe('Anna Ahlund <anna@acme.example>');
    expect(got!.header('Auto-Submitted')).toBe('auto-generated');
    expect(got!.raw).toContain('Content-Type: text/plain');
    expect(got!.raw).toContain('<p>Hello Anna</p>');
  });

  test.each([
    ['subject', { subject: 'Hello\r\nBcc: thief@evil.example' }],
    ['name', { to: { address: 'anna@acme.example', name: 'Anna\r\nBcc: thief@evil.example' } }],
    ['name that looks like two people', { to: { address: 'anna@acme.example', name: 'A" <thief@evil.example>, "B' } }],
    ['Message-ID', { messageId: '<1@a.example>\r\nBcc: thief@evil.example' }],
  ])('cannot be given a second recipient or header by its %s', async (_, change) => {
    const server = await startMailServer();
    await send(server, change);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]!.to).toEqual(['anna@acme.example']);
    expect(server.received[0]!.header('Bcc')).toBeNull();
  });

  test('to an address with a line break never reaches the server', async () => {
    const server = await startMailServer();
    const to = { address: 'anna@acme.example>\r\nRCPT TO:<thief@evil.example', name: '' };
    expect((await faultOf(send(server, { to }))).code).toBe('address-refused');
    expect(server.received).toEqual([]);
  });

  test('is sent with user and password; these are not said over an encrypted connection that cannot be trusted', async () => {
    const signedIn: unknown[] = [];
    const server = await startMailServer({
      disabledCommands: [],
      allowInsecureAuth: true,
      authOptional: false,
      onAuth(auth, _session, done) {
        signedIn.push([auth.username, auth.password]);
        done(null, { user: auth.username });
      },
    });
    // The test server's certificate is signed by nobody.
    const auth = { user: 'seatmatch', password: 'correct horse' };
    expect((await faultOf(send(server, {}, { auth, encryption: 'starttls' }))).code).toBe('not-encrypted');
    expect(signedIn).toEqual([]);
    await send(server, {}, { auth });
    expect(signedIn).toEqual([['seatmatch', 'correct horse']]);
  });

  test('is not sent where encryption is asked for and the server has none', async () => {
    const server = await startMailServer();
    expect((await faultOf(send(server, {}, { encryption: 'starttls' }))).code).toBe('not-encrypted');
    expect(server.received).toEqual([]);
  });
});

describe('a mail that is not sent says why, without the words of the server', () => {
  const secret = 'token=abc123';

  test('nobody listens', async () => {
    const server = await startMailServer();
    await server.close();
    expect((await faultOf(send(server))).code).toBe('unreachable');
  });

  test('the password is wrong', async () => {
    const server = await startMailServer({ onAuth: (_auth, _session, done) => done(new Error(secret)) });
    const fault = await faultOf(send(server, {}, { auth: { user: 'a', password: 'b' } }));
    expect(fault.code).toBe('sign-in-refused');
    expect(`${fault.message} ${fault.sentence}`).not.toContain(secret);
  });

  test.each([
    ['the sender is refused for good', 'onMailFrom', 550, 'sender-refused'],
    ['the recipient is refused for good', 'onRcptTo', 550, 'address-refused'],
    ['the recipient is refused for now', 'onRcptTo', 450, 'not-now'],
  ] as const)('%s', async (_, hook, responseCode, code) => {
    const server = await startMailServer({
      [hook]: (_address: unknown, _session: unknown, done: (error: Error) => void) =>
        done(Object.assign(new Error(secret), { responseCode })),
    });
    const fault = await faultOf(send(server));
    expect(fault.code).toBe(code);
    expect(`${fault.message} ${fault.sentence}`).not.toContain(secret);
  });

  test.each([
    [554, 'refused'],
    [451, 'not-now'],
  ])('the message is answered with %i', async (code, expected) => {
    const server = await startMailServer();
    server.answers.push({ code, text: secret });
    expect((await faultOf(send(server))).code).toBe(expected);
  });

  test.each(['hang', 'drop'] as const)('the server took the message and never answered (%s): it may have arrived', async (answer) => {
    const server = await startMailServer();
    server.answers.push(answer);
    expect((await faultOf(send(server))).code).toBe('cut-off');
  });

  test('the program stops meanwhile', async () => {
    const server = await startMailServer();
    server.answers.push('hang');
    const stopping = new AbortController();
    const sending = openSmtp(settings(server), { connect: 2_000, answer: 60_000 })(mail, { signal: stopping.signal });
    await expect.poll(() => server.received).toHaveLength(1);
    stopping.abort();
    expect((await faultOf(sending)).code).toBe('cut-off');
  });
});
