import { type AddressInfo, connect } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

export interface TlsFront {
  readonly url: string;
  stop(): Promise<void>;
}

/** TLS in front of a plain server of this machine, with whatever it asks of its clients. */
export async function startTlsFront(target: string, options: TlsOptions): Promise<TlsFront> {
  const port = Number(new URL(target).port);
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer(options, (socket) => {
    const inner = connect(port, '127.0.0.1');
    for (const each of [socket, inner]) {
      sockets.add(each);
      each.on('error', () => each.destroy());
    }
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
