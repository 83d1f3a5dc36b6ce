/** The peer: a bare nodemailer pool that sends so many mails of this size to the same server. Prints mails per second. */
import { createTransport } from 'nodemailer';

const [port = '', count = '', file = ''] = process.argv.slice(2);
const { subject, text, html, headers } = (await import(file, { with: { type: 'json' } })).default as {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
};
const pool = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: 16,
  maxMessages: Number.POSITIVE_INFINITY,
});
const total = Number(count);
const from = performance.now();
let at = 0;
// As many at once as keep every connection busy: the pool's own queue is not the thing measured.
const worker = async () => {
  while (at < total) {
    const n = at++;
    await pool.sendMail({
      from: 'Evenkeel <evenkeel@orchardline.example>',
      to: `bare${n}@bench.example`,
      subject,
      text: text.replace('{n}', `${n}`),
      html: html.replace('{n}', `${n}`),
      headers,
    });
  }
};
await Promise.all(Array.from({ length: 64 }, worker));
console.log(`rate ${(total / (performance.now() - from)) * 1000}`);
pool.close();
