/** OpenSSH's own server on a free port, with an inbox and an outbox in a folder of its own. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { findSshd } from '../../openssh.ts';

/** sshd as root wants a machine of its own to look after; as nobody in particular it lets in nobody but itself. */
const asRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };

export interface SftpServer {
  readonly access: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly privateKey: string;
    readonly hostKey: string;
  };
  /** The same key under a passphrase, "correct horse". */
  readonly lockedKey: string;
  /** The key of a pair that the server does not know. */
  readonly strangersKey: string;
  /** Where its folders are on this machine. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function serveSftp(): Promise<SftpServer> {
  const sshd = await findSshd();
  const home = mkdtempSync(path.join(tmpdir(), 'seatmatch-sftp-'));
  const folder = path.join(home, 'files');
  const at = (name: string): string => path.join(home, name);
  for (const name of ['host', 'user', 'stranger']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', at('other')]);
  copyFileSync(at('user'), at('locked'));
  chmodSync(at('locked'), 0o600);
  execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-P', '', '-N', 'correct horse', '-f', at('locked')]);
  for (const name of [folder, path.join(folder, 'in'), path.join(folder, 'out')]) mkdirSync(name);
  if (asRoot) {
    chmodSync(home, 0o711);
    for (const name of readdirSync(home, { recursive: true })) chownSync(at(String(name)), nobody.uid, nobody.gid);
  }
  const as = asRoot ? nobody : {};
  const configure = (port: number, ...more: string[]): void =>
    writeFileSync(
      at('config'),
      [
        ...['ListenAddress 127.0.0.1', `Port ${port}`, `HostKey ${at('host')}`, `HostKey ${at('other')}`],
        ...[`AuthorizedKeysFile ${at('user.pub')}`, 'PidFile none', 'UsePAM yes', 'StrictModes no', 'PasswordAuthentication no'],
        ...[`Subsystem sftp internal-sftp -d ${folder}`, ...more, ''],
      ].join('\n'),
    );
  // From 9.8 on it would let nobody in from where somebody was refused a few times; before, it does not know the word.
  configure(1, 'PerSourcePenalties no');
  const isKnown = spawnSync(sshd, ['-t', '-f', at('config')], as).status === 0;

  async function start(tries = 1): Promise<{ readonly port: number; readonly running: ChildProcess }> {
    const port = await freePort();
    configure(port, ...(isKnown ? ['PerSourcePenalties no'] : []));
    const running = spawn(sshd, ['-D', '-e', '-f', at('config')], { stdio: ['ignore', 'ignore', 'pipe'], ...as });
    try {
      await listening(running);
      return { port, running };
    } catch (error) {
      // Somebody else may have got the port meanwhile.
      if (tries === 3) throw error;
      return start(tries + 1);
    }
  }
  const { port, running } = await start();
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    // Its connections are processes of their own, which end with their client.
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };
  return {
    access: {
      host: '127.0.0.1',
      port,
      username: asRoot ? 'nobody' : userInfo().username,
      privateKey: readFileSync(at('user'), 'utf8'),
      hostKey: execFileSync('ssh-keygen', ['-lf', at('host.pub')], { encoding: 'utf8' }).split(' ')[1]!,
    },
    lockedKey: readFileSync(at('locked'), 'utf8'),
    strangersKey: readFileSync(at('stranger'), 'utf8'),
    folder,
    async close() {
      await kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function listening(sshd: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    sshd.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Server listening')) resolve();
    });
    sshd.once('close', () => reject(new Error(`sshd ended at once: ${said}`)));
  });
}

/** sshd takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
