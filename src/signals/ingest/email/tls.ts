/** The certificate of the mail door: read from its files, and read again when they were renewed. */
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { log } from '#kernel';

/** Paths of PEM files. */
export interface MailTls {
  cert: string;
  key: string;
}

/** How often the files are looked at: certificates are renewed weeks before they end. */
const LOOK_MS = 60_000;

/** Both files, when they belong together. Throws in words for whoever set the paths. */
export function readTls({ cert, key }: MailTls): { cert: Buffer; key: Buffer } {
  try {
    const secrets = { cert: readFileSync(cert), key: readFileSync(key) };
    createSecureContext(secrets);
    return secrets;
  } catch (error) {
    throw new Error(`The certificate for alert mail (${cert}, ${key}) cannot be used: ${(error as Error).message}`);
  }
}

const changedAt = ({ cert, key }: MailTls) => [cert, key].map((path) => statSync(path).mtimeMs).join(' ');

/** Tells of a renewed certificate. One that cannot be used is logged, and the old one stays. `look` looks now. */
export function keepFresh(
  tls: MailTls,
  renewed: (secrets: { cert: Buffer; key: Buffer }) => void,
): { look(): void; stop(): void } {
  let known = changedAt(tls);
  const look = () => {
    try {
      const now = changedAt(tls);
      if (now === known) return;
      renewed(readTls(tls));
      known = now;
      log.info({ cert: tls.cert }, 'the certificate for alert mail was renewed');
    } catch (error) {
      log.error({ error: (error as Error).message }, 'the certificate for alert mail could not be renewed');
    }
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return { look, stop: () => clearInterval(timer) };
}
