/** Amazon SNS, with CloudWatch alarms inside (wire-apis 3.8): every message is signed by AWS; a subscription is confirmed only at AWS. */
import { enqueue } from '#kernel';
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue, readJson } from '../json.ts';
import { anyKey } from '../keys.ts';
import { doorsAt, one, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';
import { confirmSubscription } from './confirm.ts';
import { isAmazonUrl, verifySns } from './verify.ts';

function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The body must be an SNS message.');
  const type = textOf(body.Type);
  const topic = context.options.topicArn;
  if (topic && textOf(body.TopicArn) !== topic) return unreadable('TopicArn is not the topic of this integration');
  if (type === 'SubscriptionConfirmation') {
    const url = textOf(body.SubscribeURL);
    // Row 28: whoever could choose this address could make us call anything.
    if (!isAmazonUrl(url)) return unreadable('SubscribeURL does not lead to sns.<region>.amazonaws.com');
    return { ok: true, events: [], changes: [], act: { url, topic: textOf(body.TopicArn) } };
  }
  if (type === 'UnsubscribeConfirmation') return { ok: true, events: [], changes: [] };
  if (type !== 'Notification')
    return unreadable('Type must be Notification, SubscriptionConfirmation or UnsubscribeConfirmation');
  return readMessage(body, context);
}

/** `Message` is text: an alarm of CloudWatch when it is JSON with `AlarmName`, else what somebody published. */
function readMessage(body: JsonObject, context: ReadContext): Reading {
  const message = parsed(textOf(body.Message));
  if (!isObject(message) || message.AlarmName === undefined) {
    return one(
      {
        action: 'trigger',
        key: `sns:${textOf(body.MessageId)}`,
        title: textOf(body.Subject) || textOf(body.Message).split('\n')[0] || 'SNS message',
        description: body.Message,
        source: body.TopicArn,
        labels: { topic: textOf(body.TopicArn) },
        startedAt: body.Timestamp,
      },
      context,
    );
  }
  const state = textOf(message.NewStateValue);
  const [name, account, region] = [message.AlarmName, message.AWSAccountId, message.Region].map(textOf);
  const trigger = isObject(message.Trigger) ? message.Trigger : {};
  return one(
    {
      action: state === 'OK' ? 'resolve' : 'trigger',
      key: textOf(message.AlarmArn) || `${account}:${region}:${name}`,
      title: name || 'CloudWatch alarm',
      severity: state === 'INSUFFICIENT_DATA' ? 'warning' : 'error',
      description: `${textOf(message.AlarmDescription)}\n${textOf(message.NewStateReason)}`.trim(),
      source: region ?? '',
      labels: {
        account: account ?? '',
        region: region ?? '',
        namespace: textOf(trigger.Namespace),
        metric: textOf(trigger.MetricName),
        ...dimensions(trigger.Dimensions),
      },
      details: message,
      startedAt: message.StateChangeTime,
    },
    context,
  );
}

function dimensions(list: JsonValue | undefined): JsonObject {
  const labels = Object.create(null) as JsonObject;
  for (const item of Array.isArray(list) ? list.filter(isObject) : [])
    labels[textOf(item.name ?? item.Name)] = textOf(item.value ?? item.Value);
  return labels;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return readJson(text).value;
  } catch {
    return undefined;
  }
}

export const sns: Family = {
  kind: 'sns',
  title: 'AWS CloudWatch (SNS)',
  description:
    'A topic of Amazon SNS with this address as an HTTPS subscription; alarms of CloudWatch open and resolve.',
  topic: 'Clouds',
  doors: [...doorsAt('/integrations/v1/sns'), ...doorsAt('/integrations/v1/amazon_sns')],
  jobs: [confirmSubscription],
  options: [
    {
      name: 'topicArn',
      label: 'Topic',
      help: 'The ARN of the one topic that may send here. Without it, every topic that knows the address may.',
      problem: (value) =>
        /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]{1,256}$/.test(value)
          ? undefined
          : 'An ARN like arn:aws:sns:eu-west-1:123456789012:alarms.',
    },
  ],
  keyOf: anyKey,
  verify: (ctx, post) => verifySns(ctx, post.body),
  read: (body, _purpose, context) => read(body, context),
  act: async (ctx, _integration, what) => {
    if (isObject(what) && typeof what.url === 'string') await enqueue(ctx, confirmSubscription, { url: what.url });
  },
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets: ({ url, key }) => [
    {
      title: 'AWS CLI',
      language: 'bash',
      text: `aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:alarms \\
  --protocol https --notification-endpoint ${url}/integrations/v1/sns/${key}/
`,
    },
  ],
  sample: (action, { name }, at) => ({
    Type: 'Notification',
    MessageId: `evenkeel-test-${action}-${at.getTime()}`,
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:evenkeel-test',
    Message: JSON.stringify({
      AlarmName: testText(name).title,
      AlarmDescription: testText(name).text,
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:evenkeel-test',
      NewStateValue: action === 'trigger' ? 'INSUFFICIENT_DATA' : 'OK',
      Region: 'EU (Ireland)',
    }),
    Timestamp: at.toISOString(),
  }),
};
