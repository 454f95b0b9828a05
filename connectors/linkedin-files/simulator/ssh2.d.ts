/** What sftp.test.ts uses of the package, which brings no types of its own. */
declare module 'ssh2' {
  import type { Server as NetServer } from 'node:net';

  interface Attempt {
    readonly method: string;
    readonly password?: string;
    accept(): void;
    reject(methods: readonly string[]): void;
  }

  interface Client {
    on(event: 'error', listener: () => void): void;
    on(event: 'authentication', listener: (attempt: Attempt) => void): void;
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
  };

  const ssh2: { readonly Server: typeof Server; readonly utils: typeof utils };
  export default ssh2;
}
