/** From the moment somebody's browser begins to send an entry to the moment each of 200 others hears of it. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { spread } from '../lib.ts';
import type { Part, World } from './world.ts';

const BROWSERS = 200;
const ENTRIES = 40;
const PAUSE_MS = 120;
const LIMIT_MS = 300;

type Heard = (seq: number, at: number) => void;

/** One browser's stream. Resolves when it is open; the function closes it. */
function listen({ url, cookie, incidentId }: World, agent: Agent, heard: Heard): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const ask = request(
      `${url}/api/v1/stream`,
      { agent, headers: { cookie, accept: 'text/event-stream' } },
      (answer) => {
        if (answer.statusCode !== 200) return reject(new Error(`the stream answered ${answer.statusCode}`));
        let rest = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          const at = performance.now();
          const lines = (rest + part).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            if (!line.startsWith('data: ') || !line.includes('timeline.appended')) continue;
            const event = JSON.parse(line.slice(6)) as { type: string; incident?: string };
            if (event.incident === incidentId) heard(0, at);
          }
        });
        answer.on('error', () => undefined);
        resolve(() => ask.destroy());
      },
    );
    ask.on('error', reject).end();
  });
}

export const fanout: Part = async (world) => {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  let sent = 0;
  let count = 0;
  const times: number[] = [];
  const heard: Heard = (_seq, at) => {
    times.push(at - sent);
    count += 1;
  };
  const closers: (() => void)[] = [];
  let lost = 0;
  try {
    for (let i = 0; i < BROWSERS; i++) closers.push(await listen(world, agent, heard));
    await sleep(500);
    for (let n = 0; n < ENTRIES; n++) {
      count = 0;
      sent = performance.now();
      const answer = await fetch(`${world.url}/api/v1/incidents/${world.incidentId}/timeline`, {
        method: 'POST',
        headers: { cookie: world.cookie, 'x-evenkeel': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ text: `entry ${n} for everybody` }),
      });
      if (answer.status !== 201) throw new Error(`an entry was answered ${answer.status}`);
      for (const end = performance.now() + 5000; count < BROWSERS && performance.now() < end;) await sleep(5);
      lost += BROWSERS - count;
      await sleep(PAUSE_MS);
    }
  } finally {
    for (const close of closers) close();
    agent.destroy();
  }
  const ms = spread(times);
  // An entry that somebody never heard of is no fast entry.
  const ratio = lost > 0 ? Number.POSITIVE_INFINITY : ms.p99 / LIMIT_MS;
  return [
    { name: 'toBrowsersMs', ours: { ...ms, browsers: BROWSERS, lost }, limit: { p99: LIMIT_MS, lost: 0 }, ratio },
  ];
};
