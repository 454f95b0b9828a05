/** What the SFTP server of the simulator and the tests use of the package, which brings no types of its own. */
declare module 'ssh2' {
  import type { Server as NetServer } from 'node:net';

  interface Attempt {
    readonly method: string;
    readonly username: string;
    readonly password?: string;
    accept(): void;
    reject(methods: readonly string[]): void;
  }

  interface Attributes {
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
    readonly size: number;
    /** Seconds since 1970. */
    readonly atime: number;
    readonly mtime: number;
  }

  /** One session of the SFTP protocol, version 3 (draft-ietf-secsh-filexfer-02). What has no listener is answered as not supported. */
  export interface Sftp {
    on(event: 'OPEN', listener: (id: number, path: string, flags: number) => void): this;
    on(event: 'READ', listener: (id: number, handle: Buffer, offset: number, length: number) => void): this;
    on(event: 'WRITE', listener: (id: number, handle: Buffer, offset: number, bytes: Buffer) => void): this;
    on(event: 'FSTAT' | 'FSETSTAT' | 'CLOSE' | 'READDIR', listener: (id: number, handle: Buffer) => void): this;
    on(event: 'STAT' | 'LSTAT' | 'OPENDIR' | 'REALPATH', listener: (id: number, path: string) => void): this;
    on(event: 'RENAME', listener: (id: number, from: string, to: string) => void): this;
    status(id: number, code: number): void;
    handle(id: number, handle: Buffer): void;
    data(id: number, bytes: Buffer): void;
    attrs(id: number, attributes: Attributes): void;
    name(id: number, names: readonly { readonly filename: string; readonly longname: string; readonly attrs: Attributes | object }[]): void;
  }

  interface Client {
    on(event: 'error' | 'ready' | 'close', listener: () => void): void;
    on(event: 'authentication', listener: (attempt: Attempt) => void): void;
    on(event: 'session', listener: (accept: () => Session) => void): void;
    end(): void;
  }
  interface Session {
    on(event: 'sftp', listener: (accept: () => Sftp) => void): void;
  }

  class Server extends NetServer {
    constructor(
      options: { readonly hostKeys: readonly string[]; readonly algorithms?: { readonly serverHostKey: readonly string[] } },
      onClient: (client: Client) => void,
    );
  }

  const utils: {
    generateKeyPairSync(
      kind: 'ed25519' | 'rsa',
      options?: { readonly bits: number },
    ): { readonly private: string; readonly public: string };
    readonly sftp: {
      readonly OPEN_MODE: { readonly READ: number; readonly WRITE: number; readonly CREAT: number; readonly EXCL: number };
      readonly STATUS_CODE: {
        readonly OK: number;
        readonly EOF: number;
        readonly NO_SUCH_FILE: number;
        readonly PERMISSION_DENIED: number;
        readonly FAILURE: number;
      };
    };
  };

  const ssh2: { readonly Server: typeof Server; readonly utils: typeof utils };
  export default ssh2;
}
