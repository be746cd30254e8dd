import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';

import type { Certificate } from './certificates.js';

/** A proxy for tests: it tunnels every address to one port of this machine, or says something else. */
export interface Tunnel {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** What was asked for, in order: `CONNECT ingest.invalid:443`. */
  readonly asked: readonly string[];
  /** Every byte that came before a tunnel stood, and every header. */
  seen(): string;
  close(): Promise<void>;
}

interface TunnelOptions {
  /** Where tunnels lead to. */
  port: number;
  /** Written in place of a tunnel, and the connection closed. */
  answer?: string;
  /** For a proxy that is itself reached over TLS. */
  certificate?: Certificate;
}

export async function tunnel({ port, answer, certificate }: TunnelOptions): Promise<Tunnel> {
  const asked: string[] = [];
  const seen: string[] = [];
  const open = new Set<Socket>();
  const server = certificate === undefined ? createServer() : createTlsServer(certificate);

  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket));
  });
  const note = ({ method, url, rawHeaders }: IncomingMessage): void => {
    asked.push(`${method} ${url}`);
    seen.push(`${method} ${url}`, ...rawHeaders);
  };
  server.on('request', (request, response) => {
    note(request);
    response.writeHead(501).end();
  });
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    note(request);
    seen.push(head.toString());
    if (answer !== undefined) {
      client.on('data', (bytes: Buffer) => seen.push(bytes.toString()));
      return void client.end(answer);
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    open.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    host: `127.0.0.1:${address.port}`,
    asked,
    seen: () => seen.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
