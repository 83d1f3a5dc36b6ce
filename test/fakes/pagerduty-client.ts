/** PagerDuty's own npm client pointed at our server: it insists on https, so its agent hands it a plain connection, as a TLS proxy in front would. */
import { Agent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { event } from '@pagerduty/pdjs';

/** Sends one event to the product at `url` and returns status and answer. */
export async function sendPagerDutyEvent(
  url: string,
  data: Record<string, unknown>,
): Promise<{ status: number; data: { status?: string; dedup_key?: string; message?: string } }> {
  const { hostname, port } = new URL(url);
  class PlainAgent extends Agent {
    override createConnection(): Socket {
      const socket = connect(Number(port), hostname);
      socket.once('connect', () => socket.emit('secureConnect'));
      return socket;
    }
  }
  const answer = await event({ data, agent: new PlainAgent() } as never);
  return { status: answer.status, data: (answer as unknown as { data: object }).data };
}
