/** Amazon SNS with CloudWatch alarms, against a fake of AWS with a certificate authority of its own. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AmazonSns, CERTIFICATE, EXPIRED, openAmazonSns, SNS_HOST } from '../../../../test/fakes/amazon-sns.ts';
import { connected, fixture } from '../../../../test/harness/alerts.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';
import { config } from '../../../kernel/config.ts';
import { forgetCertificates } from './verify.ts';

let house: House;
let web: WebClient;
let aws: AmazonSns;
const trusted = getCACertificates();
beforeAll(async () => {
  [house, aws] = await Promise.all([openHouse(), openAmazonSns()]);
  web = await house.signIn('responder');
  config.egressPins = { [`${SNS_HOST}:443`]: aws.address };
});
afterAll(async () => {
  config.egressPins = {};
  setDefaultCACertificates(trusted);
  await Promise.all([house.close(), aws.close()]);
});

const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const garbageOf = async (id: string) => (await web.get(`/api/v1/integrations/${id}`)).body.garbage;
const path = new URL(CERTIFICATE).pathname;
/** As AWS posts: JSON as text/plain. */
const post = (key: string, body: unknown) =>
  house.anonymous.send('POST', `/integrations/v1/sns/${key}/`, typeof body === 'string' ? body : JSON.stringify(body), {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': 'Notification',
    'user-agent': 'Amazon Simple Notification Service Agent',
  });
const alarm = (more: Record<string, unknown> = {}) => ({
  Subject: 'ALARM: "orders-5xx" in EU (Ireland)',
  Message: fixture('sns/alarm.json'),
  ...more,
});
const ok = () => ({
  MessageId: 'm2',
  Message: JSON.stringify({ ...JSON.parse(fixture('sns/alarm.json')), NewStateValue: 'OK', OldStateValue: 'ALARM' }),
});

describe('CloudWatch through SNS', () => {
  it('while the certificate cannot be had AWS is asked to come again, and nothing is held against the sender', async () => {
    const { id, key } = await connected(house, 'sns');
    const firing = aws.message(alarm({ MessageId: 'again' }));
    // Whoever stands where AWS should be is not believed: its authority is nobody’s yet.
    const refused = await post(key, firing);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    expect(aws.asked).toEqual([]);
    setDefaultCACertificates([...trusted, aws.ca]);
    aws.failing.add(path);
    expect((await post(key, firing)).status).toBe(503);
    expect(aws.asked).toEqual([path]);
    aws.failing.clear();
    expect(await garbageOf(id)).toBeNull();
    expect((await post(key, firing)).status).toBe(200);
    expect(await alertsOf(id)).toHaveLength(1);
    forgetCertificates();
  });

  it('an alarm opens, its repeat has no effect, OK resolves it; both signature versions, the certificate fetched once', async () => {
    const { id, key } = await connected(house, 'sns');
    aws.asked.length = 0;
    const firing = aws.message(alarm());
    expect((await post(key, firing)).status).toBe(200);
    expect((await post(key, firing)).status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([
      { count: 1, title: 'orders-5xx', labels: { ApiName: 'orders', metric: '5XXError' } },
    ]);
    expect((await post(key, aws.message(ok(), '1'))).status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([{ state: 'resolved' }]);
    expect(aws.asked).toEqual([path]);
    expect((await post(key, '{"Type":')).status).toBe(400);
    expect((await post('f'.repeat(32), firing)).status).toBe(401);
  });

  it('what others publish to the topic becomes an alert called by its subject', async () => {
    const { id, key } = await connected(house, 'sns');
    const told = aws.message({ MessageId: 'plain', Subject: 'Backup failed', Message: 'No space left' });
    expect((await post(key, told)).status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([{ title: 'Backup failed', dedupKey: 'sns:plain' }]);
  });

  it('a changed message, a missing signature, a certificate that has run out or of another host are 401', async () => {
    const { id, key } = await connected(house, 'sns');
    const good = aws.message(alarm());
    for (const bad of [
      { ...good, Message: 'changed' },
      { ...good, Subject: undefined },
      { ...good, Signature: undefined },
      { ...good, Signature: '****' },
      { ...good, SignatureVersion: '1' },
      { ...good, SignatureVersion: '3' },
      aws.message(alarm({ SigningCertURL: EXPIRED })),
      ...[
        'https://evil.example/cert.pem',
        `http://${SNS_HOST}/x.pem`,
        `https://${SNS_HOST}.evil.example/x.pem`,
        `https://${SNS_HOST}:8443/x.pem`,
        `https://a@${SNS_HOST}/x.pem`,
        'https://169.254.169.254/x.pem',
      ].map((url) => aws.message(alarm({ SigningCertURL: url }))),
    ])
      expect((await post(key, bad)).status, JSON.stringify(bad).slice(0, 400)).toBe(401);
    expect(await alertsOf(id)).toEqual([]);
    expect((await garbageOf(id)).reason).toContain('SigningCertURL');
  });

  it('row 28: a confirmation that leads anywhere but AWS is refused; a good one is called later, once, through the egress guard', async () => {
    const { key } = await connected(house, 'sns', { topicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms' });
    const confirm = (url: string, more: Record<string, unknown> = {}) =>
      post(
        key,
        aws.message({
          Type: 'SubscriptionConfirmation',
          Token: 't',
          MessageId: `${url} ${JSON.stringify(more)}`,
          SubscribeURL: url,
          Message: 'You have chosen',
          ...more,
        }),
      );
    for (const url of ['http://169.254.169.254/latest', 'https://localhost/', `https://${SNS_HOST}.evil.example/`])
      expect((await confirm(url)).status, url).toBe(400);
    const good = `https://${SNS_HOST}/?Action=ConfirmSubscription&Token=t`;
    expect((await confirm(good, { TopicArn: 'arn:aws:sns:eu-west-1:999999999999:other' })).status).toBe(400);
    aws.asked.length = 0;
    expect((await confirm(good)).status).toBe(200);
    expect((await confirm(good)).status).toBe(200);
    expect(aws.asked).toEqual([]);
    await house.settle();
    expect(aws.asked).toEqual(['/?Action=ConfirmSubscription&Token=t']);
  });
});
