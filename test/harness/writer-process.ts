/** A service in a process of its own that keeps writes back and applies them later; tests kill it. Arguments: file, receiver, from, to. */
import { WriteQueue } from '../../client/src/index.ts';

const [file, receiver, from, to] = process.argv.slice(2) as [string, string, string, string];
const queue = new WriteQueue<{ order: number }>(file);
for (let order = Number(from); order < Number(to); order++) {
  queue.put(`order-${order}`, { order });
  // Said only after it was accepted: what the customer was told.
  process.stdout.write(`accepted ${order}\n`);
}
await queue.drain(async ({ key, body }) => {
  const answer = await fetch(receiver, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  process.stdout.write(`applied ${key}\n`);
});
process.stdout.write(`counts ${JSON.stringify(queue.counts())}\n`);
