/** Changes of many kinds by every role, by browser and by token, fifty at a time; each with what the log must say of it. */
import type { WebClient } from '../../harness/client.ts';

export interface Caller {
  name: string;
  /** Whose id the log must name, and as what. */
  actorId: string;
  kind: 'user' | 'token';
  web: WebClient;
}

export interface Done {
  caller: Caller;
  action: string;
  status: number;
  requestId: string;
}

interface Change {
  action: string;
  method: 'post' | 'put' | 'patch';
  path: string;
  body: object;
}

/** Changes about one incident; some are refused for some callers, and a refusal must leave no change in the log. */
export const changesOn = (key: string, n: number): Change[] => {
  const at = (path: string) => `/api/v1/incidents/${key}${path}`;
  return [
    {
      action: 'incidents.declare',
      method: 'post',
      path: '/api/v1/incidents',
      body: { title: `Slow ${n}`, severity: 4 },
    },
    { action: 'incidents.postEntry', method: 'post', path: at('/timeline'), body: { text: `note ${n}` } },
    {
      action: 'incidents.correctEntry',
      method: 'post',
      path: at('/timeline/1/corrections'),
      body: { text: `rather ${n}` },
    },
    { action: 'incidents.addHypothesis', method: 'post', path: at('/hypotheses'), body: { text: `cause ${n}` } },
    { action: 'incidents.addTask', method: 'post', path: at('/tasks'), body: { text: `task ${n}` } },
    { action: 'incidents.recordImpact', method: 'post', path: at('/impact'), body: { customers: n } },
    {
      action: 'incidents.recordDecision',
      method: 'post',
      path: at('/decisions'),
      body: { question: `q${n}`, choice: 'yes' },
    },
    { action: 'incidents.edit', method: 'patch', path: at(''), body: { summary: `summary ${n} ${Math.random()}` } },
    { action: 'incidents.assignRole', method: 'post', path: at('/roles'), body: { role: 'no_such_role' } },
    { action: 'incidents.close', method: 'post', path: at('/closed'), body: {} },
    {
      action: 'catalog.createService',
      method: 'post',
      path: '/api/v1/services',
      body: { name: `S${n}`, slug: `s-${n}-${Math.floor(Math.random() * 1e9)}` },
    },
    {
      action: 'security.updateMe',
      method: 'patch',
      path: '/api/v1/me',
      body: { timeZone: n % 2 ? 'Europe/Berlin' : 'UTC' },
    },
  ];
};

/** Sends them all, fifty at a time. */
export async function mutate(callers: Caller[], key: string, rounds: number): Promise<Done[]> {
  const work: (() => Promise<Done>)[] = [];
  for (let round = 0; round < rounds; round++)
    for (const [i, caller] of callers.entries())
      for (const change of changesOn(key, round * callers.length + i))
        work.push(async () => {
          const answer = await caller.web[change.method](change.path, change.body);
          return {
            caller,
            action: change.action,
            status: answer.status,
            requestId: answer.headers.get('x-request-id') ?? '',
          };
        });
  const done: Done[] = [];
  const next = async (): Promise<void> => {
    for (let one = work.shift(); one; one = work.shift()) done.push(await one());
  };
  await Promise.all(Array.from({ length: 50 }, next));
  return done;
}
