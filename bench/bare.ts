/**
 * The peer of `paging`: the least that is durable. One HTTP server; a post is inserted into one table, committed, answered,
 * and told to a webhook; nothing is decided. On the product's own database server, so that both wait for the same disk.
 * Started with the connection, the webhook's address and the answer's path as JSON; prints its port.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const { connection, sink } = JSON.parse(process.argv[2] ?? '{}') as { connection: pg.ClientConfig; sink: string };
const client = new pg.Client(connection);
await client.connect();
await client.query('create schema if not exists bench');
await client.query(
  'create table if not exists bench.bare (id bigint generated always as identity primary key, body bytea not null)',
);
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

const server = createServer((incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', async () => {
    const body = Buffer.concat(parts);
    await client.query({ name: 'insert', text: 'insert into bench.bare (body) values ($1)', values: [body] });
    outgoing.writeHead(202, { 'content-length': 2 });
    outgoing.end('{}');
    const title = (JSON.parse(body.toString('utf8')) as { payload: { summary: string } }).payload.summary;
    const page = JSON.stringify({ type: 'page.sent', data: { title } });
    const call = request(
      sink,
      { agent, method: 'POST', headers: { 'content-length': Buffer.byteLength(page) } },
      (answer) => answer.resume(),
    );
    call.end(page);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
