/**
 * The worker that shows pages in a browser when no tab of Evenkeel is open. Served as it is at /push/worker.js; it touches
 * nothing but push: no page of ours is loaded through it. What it reads is `PushPayload` in `post.ts`.
 */
const post = (path, body) =>
  fetch(path, {
    method: 'POST',
    credentials: 'omit',
    cache: 'no-store',
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => event.waitUntil(show(event.data)));

async function show(data) {
  let told;
  try {
    told = data.json();
  } catch {
    told = {
      title: 'Evenkeel',
      text: 'Something was sent that could not be read. Open Evenkeel to see it.',
      open: '/pages',
      tag: 'unread',
    };
  }
  await self.registration.showNotification(told.title, {
    body: told.text,
    icon: '/push/icon.svg',
    tag: told.tag,
    renotify: true,
    requireInteraction: told.urgent === true,
    actions: told.take
      ? [
          { action: 'acknowledge', title: 'Take it' },
          { action: 'open', title: 'Open' },
        ]
      : [{ action: 'open', title: 'Open' }],
    data: { take: told.take, open: told.open, title: told.title, tag: told.tag },
  });
  // The page that waits for the code types it in itself.
  if (told.code) for (const page of await windows()) page.postMessage({ type: 'evenkeel.code', code: told.code });
  // Only now is it known to have arrived. A browser that is cut off says nothing, and the page moves on.
  if (told.receipt) await post(told.receipt).catch(() => undefined);
}

const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

self.addEventListener('notificationclick', (event) => {
  const { take, open, title, tag } = event.notification.data ?? {};
  event.notification.close();
  event.waitUntil(
    event.action === 'acknowledge' && take ? takeIt({ take, open, title, tag }) : openPath(open ?? '/pages'),
  );
});

/** What became of a press. Without an answer the button stays, to be pressed again. */
async function takeIt({ take, open, title, tag }) {
  const answer = await post(take)
    .then((got) => got.json())
    .catch(() => undefined);
  const ok = answer?.taken === true;
  const text =
    answer?.text ??
    'Evenkeel could not be reached from here. The calling goes on. Try again, or answer by another way.';
  const again = answer === undefined ? [{ action: 'acknowledge', title: 'Take it' }] : [];
  await self.registration.showNotification(ok ? (answer.title ?? 'You have it') : 'Not taken', {
    body: `${title}\n${text}`,
    icon: '/push/icon.svg',
    tag,
    renotify: !ok,
    requireInteraction: !ok,
    actions: [...again, { action: 'open', title: 'Open' }],
    data: { take: answer === undefined ? take : undefined, open, title, tag },
  });
}

async function openPath(path) {
  const url = new URL(path, self.location.origin).href;
  const there = (await windows()).find((page) => page.url === url);
  return there ? there.focus() : self.clients.openWindow(url);
}

// The browser has changed its address at the push service. What proves that it is the same one is the old secret.
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

async function renew({ oldSubscription: old, newSubscription }) {
  if (!old) return;
  const fresh = newSubscription ?? (await self.registration.pushManager.subscribe(old.options));
  await post('/push/renew', {
    endpoint: old.endpoint,
    auth: old.toJSON().keys?.auth ?? '',
    subscription: fresh.toJSON(),
  });
}
