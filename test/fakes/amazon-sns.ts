/** Amazon SNS of one region: serves its signing certificate over TLS, takes confirmations, and signs messages as AWS does. */
import { createSign } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './tls-front.ts';

export interface AmazonSns {
  /** `address:port` where its name must lead. */
  address: string;
  /** Its authority, for whoever is to trust it. */
  ca: string;
  /** Paths that were asked for. */
  asked: string[];
  /** Paths answered 503 instead. */
  failing: Set<string>;
  /** A message as it arrives at a subscriber, signed. */
  message(fields: Record<string, unknown>, version?: '1' | '2'): Record<string, unknown>;
  close(): Promise<void>;
}

export const SNS_HOST = 'sns.eu-west-1.amazonaws.com';
export const CERTIFICATE = `https://${SNS_HOST}/SimpleNotificationService-6209c161c6221fdf56ec1eb5c821d112.pem`;
export const EXPIRED = `https://${SNS_HOST}/SimpleNotificationService-expired.pem`;

/** What is signed, written down from AWS's description and independent of the product's own reading of it. */
function signedText(message: Record<string, unknown>): string {
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', ...(message.Subject === undefined ? [] : ['Subject']), 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  return names.map((name) => `${name}\n${String(message[name])}\n`).join('');
}

export async function openAmazonSns(): Promise<AmazonSns> {
  const front = selfSigned(SNS_HOST);
  const signer = selfSigned('sns.amazonaws.com', { from: -1, to: 300 }, 'rsa');
  const old = selfSigned('sns.amazonaws.com', { from: -400, to: -30 }, 'rsa');
  const asked: string[] = [];
  const failing = new Set<string>();
  const server = createServer({ key: front.key, cert: front.cert }, (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (failing.has(path)) return void response.writeHead(503).end();
    if (path === new URL(CERTIFICATE).pathname) return void response.end(signer.cert);
    if (path === new URL(EXPIRED).pathname) return void response.end(old.cert);
    if (path.startsWith('/?Action=ConfirmSubscription')) return void response.end('<ConfirmSubscriptionResponse/>');
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: front.cert,
    asked,
    failing,
    message: (fields, version = '2') => {
      const message: Record<string, unknown> = {
        Type: 'Notification',
        MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        TopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
        Timestamp: '2026-11-23T13:58:25.000Z',
        SignatureVersion: version,
        SigningCertURL: CERTIFICATE,
        UnsubscribeURL: `https://${SNS_HOST}/?Action=Unsubscribe`,
        ...fields,
      };
      const key = message.SigningCertURL === EXPIRED ? old.key : signer.key;
      const sign = createSign(version === '2' ? 'RSA-SHA256' : 'RSA-SHA1').update(signedText(message));
      return { ...message, Signature: sign.sign(key, 'base64') };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
