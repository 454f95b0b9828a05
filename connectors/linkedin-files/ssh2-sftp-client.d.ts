/** What sftp-session.ts uses of the package, which brings no types of its own. */
declare module 'ssh2-sftp-client' {
  import type { Socket } from 'node:net';

  interface ConnectOptions {
    readonly sock: Socket;
    readonly username: string;
    readonly password?: string;
    readonly privateKey?: string;
    readonly passphrase?: string;
    readonly readyTimeout: number;
    readonly hostVerifier: (key: Buffer) => boolean;
    readonly algorithms?: { readonly serverHostKey: readonly string[] };
  }

  interface Entry {
    /** `-` is a regular file. */
    readonly type: string;
    readonly name: string;
    readonly size: number;
    /** Milliseconds since 1970, of whole seconds. */
    readonly modifyTime: number;
  }

  type Listener = (error?: Error) => void;

  export default class SftpClient {
    constructor(name: string, listeners: { readonly error: Listener; readonly end: Listener; readonly close: Listener });
    connect(options: ConnectOptions): Promise<unknown>;
    list(folder: string): Promise<readonly Entry[]>;
    get(path: string): Promise<Buffer>;
    put(bytes: Buffer, path: string, options: { readonly writeStreamOptions: { readonly flags: string } }): Promise<unknown>;
    rename(from: string, to: string): Promise<unknown>;
    end(): Promise<unknown>;
  }
}
