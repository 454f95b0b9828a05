import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type MailFault, MailNotSent } from '../../connectors/errors.ts';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly auth: { readonly user: string; readonly password: string } | null;
  /** `Name <address>` or an address. */
  readonly from: string;
}

export interface OutgoingMail {
  /** `<…@…>`; the same for every try. */
  readonly messageId: string;
  readonly to: { readonly address: string; readonly name: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Milliseconds. Long enough for a slow server, short enough for a person who waits for an alarm. */
export const mailTimeouts = { connect: 15_000, answer: 30_000 };

const sentences = {
  unreachable: 'The mail server cannot be reached. Check its name, port and the network.',
  'sign-in-refused': 'The mail server refused the user or the password. Correct them in the settings of the server.',
  'not-encrypted': 'The mail server offers no encrypted connection that can be trusted. Check the port, or its certificate.',
  'sender-refused': 'The mail server refused the sender. Use a from address it accepts.',
  'address-refused': 'The mail server refused the address of the recipient. Correct it, then send again.',
  'not-now': 'The mail server did not take it for now.',
  refused: 'The mail server refused this mail.',
  'cut-off': 'The connection was cut off while the mail was handed over. It may have arrived.',
} as const satisfies Record<MailFault, string>;

/**
 * Hands mail to a server by SMTP (RFC 5321), one connection each. Resolves when the server has taken it.
 *
 * The connection is driven step by step, because it matters where it breaks: before the mail is offered it was surely not sent, after that
 * only an answer of the server says so.
 *
 * @param timeouts milliseconds
 * @returns throws MailNotSent; aborting ends a sending under way
 */
export function openSmtp(
  settings: SmtpSettings,
  timeouts = mailTimeouts,
): (mail: OutgoingMail, options: { signal: AbortSignal }) => Promise<void> {
  return async (mail, { signal }) => {
    signal.throwIfAborted();
    const message = new MailComposer({
      from: settings.from,
      // As parts, never as one text: a name cannot add a second recipient.
      to: { name: mail.to.name, address: mail.to.address },
      subject: mail.subject,
      messageId: mail.messageId,
      text: mail.text,
      html: mail.html,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    }).compile();
    const content = await message.build();
    const { from } = message.getEnvelope();
    const connection = new SMTPConnection({
      host: settings.host,
      port: settings.port,
      secure: settings.encryption === 'tls',
      requireTLS: settings.encryption === 'starttls',
      ignoreTLS: settings.encryption === 'none',
      connectionTimeout: timeouts.connect,
      dnsTimeout: timeouts.connect,
      greetingTimeout: timeouts.answer,
      socketTimeout: timeouts.answer,
      socketCloseTimeout: 0,
      // What is said to a mail server holds addresses and the password.
      logger: false,
    });
    // Between two steps nobody waits for an error: the next step meets it.
    connection.on('error', () => {});
    let offered = false;
    const step = (run: (done: (error?: Error | null) => void) => void) =>
      new Promise<void>((resolve, reject) => {
        const abort = () => reject(signal.reason);
        const fail = (error: Error) => reject(error);
        signal.addEventListener('abort', abort);
        connection.on('error', fail);
        run((error) => {
          signal.removeEventListener('abort', abort);
          connection.off('error', fail);
          if (error) reject(error);
          else resolve();
        });
      });
    try {
      await step((done) => connection.connect(done));
      const { auth } = settings;
      if (auth) await step((done) => connection.login({ user: auth.user, pass: auth.password }, done));
      offered = true;
      await step((done) => connection.send({ from, to: [mail.to.address], size: content.length }, content, done));
    } catch (cause) {
      const code = faultOf(cause, offered);
      throw new MailNotSent(code, sentences[code], { cause });
    } finally {
      connection.close();
    }
  };
}

interface SmtpError {
  readonly code?: string;
  /** What the system called it, where nodemailer gave it a name of its own. */
  readonly originalCode?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** What an error of nodemailer means. Its text is the server's and stays out of it. */
function faultOf(error: unknown, offered: boolean): MailFault {
  const { code, originalCode = '', command = '', responseCode = 0 } = error as SmtpError;
  if (!offered && (code === 'ETLS' || /CERT|VERIFY|SSL|TLS/u.test(originalCode))) return 'not-encrypted';
  if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) return 'sign-in-refused';
  if (responseCode >= 400) {
    // RFC 5321 §4.2.1: 4yz may be tried again, 5yz will fail again.
    if (responseCode < 500) return 'not-now';
    if (command === 'MAIL FROM') return 'sender-refused';
    if (command === 'RCPT TO') return 'address-refused';
    return offered ? 'refused' : 'unreachable';
  }
  if (!offered) return 'unreachable';
  // Found out here, before anything was said.
  return command === 'API' || code === 'EENVELOPE' ? 'address-refused' : 'cut-off';
}
