/** What to tell a sender of mail, in the console and in the docs. */
import { config } from '#kernel';
import type { SetUp, Snippet } from '../family.ts';

/** How it comes in by mail, when this installation listens for mail, and by a post of the mail always. */
export function snippets({ url, key }: SetUp): Snippet[] {
  const host = new URL(url).hostname;
  const listens = config.mailInPort > 0;
  return [
    {
      title: listens ? 'The address to send to' : 'The address to send to, once EVENKEEL_MAIL_IN_PORT is set',
      language: 'bash',
      text: `# Whatever stands behind the @ is not looked at; your mail server only has to bring it here:
#   ${host}, port ${listens ? config.mailInPort : 'EVENKEEL_MAIL_IN_PORT'}
${key}@${host}

# [CRITICAL], [WARNING] … in the subject is the severity; “RESOLVED: …” or “[OK] …” with the same subject resolves.
`,
    },
    {
      title: 'Post the mail itself: a pipe of Postfix, procmail or your mail provider',
      language: 'bash',
      text: `curl --data-binary @- -H 'Content-Type: message/rfc822' ${url}/integrations/v1/email/${key} <<'MAIL'
From: backup@example.com
Subject: [CRITICAL] Backup of orders-db failed

No space left on device.
MAIL
`,
    },
  ];
}
