/** The source of alerts: writes what it is about to send to its journal, synced, then sends it until somebody takes it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Journal, machineMs } from './journal.ts';

export interface Intent {
  kind: 'intent';
  at: number;
  alert: string;
}
export interface Accepted {
  kind: 'accepted';
  at: number;
  alert: string;
  node: string;
  /** From the first try to the 2xx. */
  ms: number;
  tries: number;
}

export interface Target {
  name: string;
  url: string;
  /** Set when it has ended. */
  endedAt: number | undefined;
}

const TRY_MS = 3000;

function bodyOf(alert: string, severity: string, group: string): string {
  const now = new Date(Date.now()).toISOString();
  return JSON.stringify({
    version: '4',
    status: 'firing',
    groupKey: `g:${group}`,
    groupLabels: { alertname: group },
    commonAnnotations: { summary: alert },
    alerts: [
      {
        status: 'firing',
        labels: { alertname: alert, severity },
        annotations: { summary: alert },
        startsAt: now,
        fingerprint: alert,
      },
    ],
  });
}

/** Sends one alert to the nodes in turn, beginning with `first`, with one idempotency key; false when nobody took it within `ms`. */
export async function sendAlert(
  journal: Journal,
  nodes: () => Target[],
  {
    alert,
    key,
    first = 0,
    severity = 'error',
    ms = 20_000,
    group = alert,
  }: {
    alert: string;
    key: string;
    first?: number;
    severity?: string;
    ms?: number;
    /** Alerts of one group page together. */ group?: string;
  },
): Promise<boolean> {
  const from = machineMs();
  journal.write({ kind: 'intent', at: from, alert } satisfies Intent);
  // Once: a repeat is the same bytes, or the idempotency key would rightly be refused for another body.
  const body = bodyOf(alert, severity, group);
  for (let tries = 1; machineMs() - from < ms; tries++) {
    const alive = nodes().filter((node) => node.endedAt === undefined);
    const node = alive[(first + tries - 1) % Math.max(1, alive.length)];
    try {
      if (!node) throw new Error('nobody is alive');
      const answer = await fetch(`${node.url}/integrations/v1/alertmanager/${key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': alert },
        body,
        signal: AbortSignal.timeout(TRY_MS),
      });
      await answer.arrayBuffer();
      if (answer.ok) {
        const at = machineMs();
        journal.write({ kind: 'accepted', at, alert, node: node.name, ms: at - from, tries } satisfies Accepted);
        return true;
      }
    } catch {
      // Cut or refused: the next node, with the same key.
    }
    await sleep(100);
  }
  return false;
}
