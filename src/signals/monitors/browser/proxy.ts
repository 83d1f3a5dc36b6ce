/** The only way out for a browser journey: a proxy on loopback that looks every address up itself and connects only where we may. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, isIP, type AddressInfo, type Socket } from 'node:net';
import { addressFor, checkUrl, mayReach } from '#kernel';

export interface GuardProxy {
  /** `http://127.0.0.1:port` */
  url: string;
  /** Hosts that were asked for and refused. */
  refused: string[];
  close(): Promise<void>;
}

async function allowed(host: string, port: number): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0) return (await addressFor(bare, port)).address;
  if (!mayReach(bare, port)) throw new Error('private');
  return bare;
}

/** Plain HTTP comes as a whole URL. */
async function pass(incoming: IncomingMessage, answer: ServerResponse, refused: string[]): Promise<void> {
  try {
    const url = checkUrl(incoming.url ?? '');
    const port = Number(url.port || 80);
    const address = await allowed(url.hostname, port);
    const headers = { ...incoming.headers };
    delete headers['proxy-connection'];
    const onward = request(
      { host: address, port, path: url.pathname + url.search, method: incoming.method, headers },
      (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      },
    );
    onward.on('error', () => answer.writeHead(502).end());
    incoming.pipe(onward);
  } catch {
    refused.push(incoming.url ?? '');
    answer.writeHead(403).end();
  }
}

/** Everything else is a tunnel to `host:port`. */
async function tunnel(incoming: IncomingMessage, socket: Socket, head: Buffer, refused: string[]): Promise<void> {
  socket.on('error', () => {});
  try {
    const url = checkUrl(`https://${incoming.url ?? ''}`);
    const port = Number(url.port || 443);
    const onward = connect({ host: await allowed(url.hostname, port), port });
    onward.on('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  } catch {
    refused.push(incoming.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  }
}

/** Opens the proxy for one journey. */
export async function openGuardProxy(): Promise<GuardProxy> {
  const refused: string[] = [];
  const server: Server = createServer((incoming, answer) => void pass(incoming, answer, refused));
  server.on('connect', (incoming, socket, head) => void tunnel(incoming, socket as Socket, head as Buffer, refused));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
