/** The connectors there are. Adding one is adding a folder and its line here. */

import { change } from './change/index.ts';
import { degraded } from './degraded/index.ts';
import { github } from './github/index.ts';
import { gitlab } from './gitlab/index.ts';
import { haproxy } from './haproxy/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { launchdarkly } from './launchdarkly/index.ts';
import { postgres } from './postgres/index.ts';
import { rollouts } from './rollouts/index.ts';
import { runner } from './runner/index.ts';
import { policy } from './traffic/policy.ts';
import { weights } from './traffic/index.ts';
import { unleash } from './unleash/index.ts';
import type { Connector, ConnectorAction, ConnectorFace } from './contract.ts';
import { flag } from './flag/index.ts';
import type { ActionRow } from './store.ts';
import { webhook } from './webhook/index.ts';

export const connectors: Connector[] = [
  flag,
  webhook,
  change,
  policy,
  weights,
  degraded,
  haproxy,
  kubernetes,
  rollouts,
  github,
  gitlab,
  unleash,
  launchdarkly,
  postgres,
  runner,
];

/** The connector of an action name such as `flag.set`; undefined when none knows it. */
export function connectorOf(action: string): { connector: Connector; kind: ConnectorAction } | undefined {
  for (const connector of connectors) {
    const kind = Object.hasOwn(connector.actions, action) ? connector.actions[action] : undefined;
    if (kind) return { connector, kind };
  }
  return undefined;
}

/** The face an action uses: a drill only ever meets the simulator (check 2). */
export function faceOf(row: Pick<ActionRow, 'action' | 'simulated' | 'exercise'>): ConnectorFace {
  const found = connectorOf(row.action);
  if (!found) throw new Error(`no connector knows ${row.action}`);
  return row.simulated || row.exercise ? found.connector.simulator : found.connector.real;
}
