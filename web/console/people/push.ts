/** Push in this browser: what stands in its way, and switching it on. The decisions are pure; the rest asks the browser. */

/** What a browser is able and allowed to do, looked at once. */
export interface Look {
  supported: boolean;
  secure: boolean;
  /** An iPhone or iPad whose page was not opened from the home screen: push is only given to those. */
  needsHomeScreen: boolean;
  permission: NotificationPermission;
  subscribed: boolean;
  online: boolean;
}

export type PushState =
  'checking' | 'off' | 'insecure' | 'install' | 'unsupported' | 'denied' | 'ready' | 'unproven' | 'on';

/** What to show. `reason`: why the installation has no push; `method`: this browser's entry among the person's methods. */
export function pushState(
  look: Look | undefined,
  reason: string | null | undefined,
  method: { verified: boolean } | undefined,
): PushState {
  if (look === undefined || reason === undefined) return 'checking';
  if (reason !== null) return 'off';
  if (!look.secure) return 'insecure';
  if (look.needsHomeScreen) return 'install';
  if (!look.supported) return 'unsupported';
  if (look.permission === 'denied') return 'denied';
  if (!look.subscribed || look.permission !== 'granted' || method === undefined) return 'ready';
  return method.verified ? 'on' : 'unproven';
}

/** `Firefox on Linux`, as its owner knows it. */
export function browserName(agent: string): string {
  const name =
    [
      ['Edg', 'Edge'],
      ['OPR', 'Opera'],
      ['SamsungBrowser', 'Samsung Internet'],
      ['FxiOS', 'Firefox'],
      ['Firefox', 'Firefox'],
      ['CriOS', 'Chrome'],
      ['Chrome', 'Chrome'],
      ['Safari', 'Safari'],
    ].find(([mark]) => agent.includes(`${mark}/`))?.[1] ?? 'A browser';
  const system = [
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['Windows', 'Windows'],
    ['Macintosh', 'Mac'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark!))?.[1];
  return system ? `${name} on ${system}` : name;
}

const WORKER = '/push/worker.js';
const KEPT = 'evenkeel-push';

const workers = () =>
  typeof navigator !== 'undefined' && 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return workers()?.getRegistration('/push/');
}

/** Looks at this browser, without asking it for anything. */
export async function lookAtBrowser(): Promise<Look> {
  const secure = globalThis.isSecureContext;
  const supported = workers() !== undefined && 'PushManager' in globalThis && 'Notification' in globalThis;
  const apple = /iPhone|iPad/.test(navigator.userAgent);
  const subscription = supported ? await (await registration())?.pushManager.getSubscription() : undefined;
  return {
    supported,
    secure,
    needsHomeScreen: apple && !matchMedia('(display-mode: standalone)').matches,
    permission: supported ? Notification.permission : 'default',
    subscribed: subscription != null,
    online: navigator.onLine,
  };
}

const bytesOf = (base64url: string) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

/** Asks the person, then the browser. Returns what the server needs; throws an Error whose words say what to do. */
export async function subscribe(publicKey: string): Promise<string> {
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error('The browser was not allowed to show notices. Nothing was switched on.');
  const worker = await navigator.serviceWorker.register(WORKER);
  await active(worker);
  const applicationServerKey = bytesOf(publicKey);
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    const subscription = await worker.pushManager.subscribe(options).catch(async (error: DOMException) => {
      if (error.name !== 'InvalidStateError') throw error;
      // Subscribed with another key, of an installation that was here before.
      await (await worker.pushManager.getSubscription())?.unsubscribe();
      return worker.pushManager.subscribe(options);
    });
    return JSON.stringify({ ...subscription.toJSON(), browser: browserName(navigator.userAgent) });
  } catch (error) {
    throw new Error(
      `This browser could not reach its push service (${(error as Error).message}). Some browsers have it switched off, and a firewall may block it.`,
    );
  }
}

async function active(worker: ServiceWorkerRegistration): Promise<void> {
  const coming = worker.installing ?? worker.waiting;
  if (worker.active || !coming) return;
  await new Promise<void>((resolve) =>
    coming.addEventListener('statechange', () => coming.state === 'activated' && resolve()),
  );
}

/** Which of the person's methods is this browser; kept here, for nobody else needs to know. */
export const rememberMethod = (id: string) => localStorage.setItem(KEPT, id);
export const rememberedMethod = () => localStorage.getItem(KEPT);

/** Hears the code that a notice brings to this very browser, so that nobody has to type it. Returns how to stop. */
export function onCode(hear: (code: string) => void): () => void {
  const listen = ({ data }: MessageEvent) => {
    if (data?.type === 'evenkeel.code' && /^\d{8}$/.test(data.code)) hear(data.code);
  };
  workers()?.addEventListener('message', listen);
  return () => workers()?.removeEventListener('message', listen);
}
