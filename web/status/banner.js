/*
 * A line in your product while something is wrong: <script src="https://status.example.com/status/banner.js" async></script>
 * data-page: the page's address when it is not where this file lies; data-copies: further addresses, tried when it is away.
 * What was last heard is kept in the browser and shown with its age when nobody answers.
 */
(() => {
  const own = document.currentScript;
  const { page = own.src.replace(/\/banner\.js.*$/, ''), copies = '', every = '60' } = own.dataset;
  const places = [page, ...copies.split(/[\s,]+/)].filter(Boolean).map((url) => url.replace(/\/+$/, ''));
  const KEY = `evenkeel-banner ${places[0]}`;
  const DAY = 86400000;
  const keep = (store, key, value) => {
    try {
      return value === undefined ? JSON.parse(store.getItem(key)) : store.setItem(key, JSON.stringify(value));
    } catch {
      return null;
    }
  };

  const ask = async () => {
    for (const place of places) {
      try {
        const stop = new AbortController();
        const timer = setTimeout(() => stop.abort(), 5000);
        const answer = await fetch(`${place}/api/v2/summary.json`, {
          signal: stop.signal,
          credentials: 'omit',
          referrerPolicy: 'no-referrer',
        });
        clearTimeout(timer);
        const said = await answer.json();
        if (!answer.ok || !said.page || !Array.isArray(said.incidents)) continue;
        const heard = { at: said.page.updated_at, what: pick(said) };
        keep(localStorage, KEY, heard);
        return heard;
      } catch {
        // The next place, or what was heard before.
      }
    }
    const heard = keep(localStorage, KEY);
    return heard && Date.now() - new Date(heard.at) < DAY ? { ...heard, old: true } : null;
  };

  // The newest thing that is not over; a maintenance only while it runs.
  const pick = ({ incidents, scheduled_maintenances: planned = [] }) => {
    const running = planned.filter(({ status }) => status === 'in_progress' || status === 'verifying');
    const [one] = [...incidents, ...running];
    if (!one) return null;
    const [update = {}] = one.incident_updates || [];
    const text = [one.name, update.x_action].filter(Boolean).join('. ').replace('..', '.');
    const signs = [...text];
    return {
      id: update.id || one.id,
      text: signs.length > 140 ? `${signs.slice(0, 139).join('').trimEnd()}…` : text,
      link: /^https?:/.test(one.shortlink) ? one.shortlink : places[0],
      planned: !incidents.length,
    };
  };

  const STYLE = `:host{all:initial}div{position:fixed;z-index:2147483000;left:1rem;right:1rem;bottom:1rem;max-width:40rem;margin:0 auto;display:flex;gap:.75rem;align-items:center;padding:.7rem 1rem;font:15px/1.4 system-ui,sans-serif;color:#1b2126;background:#fdeadf;border:1px solid #b5460f;border-left-width:5px;border-radius:8px;box-shadow:0 2px 12px #0003}div.planned{background:#e5eef9;border-color:#2563a8}p{margin:0;flex:1;overflow-wrap:anywhere}a{color:#0b4f75;white-space:nowrap}small{color:#4a545d}button{font:inherit;color:inherit;background:none;border:1px solid currentColor;border-radius:6px;padding:.15rem .6rem;cursor:pointer}:focus-visible{outline:3px solid #0b5f8a;outline-offset:2px}@media(prefers-color-scheme:dark){div{color:#e8ecef;background:#3a2113;border-color:#f08c5a}div.planned{background:#16283d;border-color:#79b0ee}a{color:#7cc4ee}small{color:#b8c1c9}}@media print{div{display:none}}`;
  let host;
  const show = (heard) => {
    const what = heard && heard.what;
    const id = what && `${what.id}${heard.old ? ' old' : ''}`;
    if (host && host.dataset.id === id) return;
    if (host) host.remove();
    host = null;
    if (!what || keep(sessionStorage, KEY) === what.id) return;
    host = document.createElement('evenkeel-banner');
    host.dataset.id = id;
    host.dataset.revision = what.id;
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
    const box = document.createElement('div');
    box.setAttribute('role', 'status');
    if (what.planned) box.className = 'planned';
    const words = make('p', `${what.text} `);
    if (heard.old) words.append(make('small', `(as of ${new Date(heard.at).toISOString().slice(11, 16)} UTC) `));
    const link = Object.assign(make('a', 'Details'), { href: what.link, target: '_blank', rel: 'noopener noreferrer' });
    words.append(link);
    const close = make('button', 'Hide');
    close.onclick = () => {
      keep(sessionStorage, KEY, what.id);
      host.remove();
    };
    box.append(words, close);
    root.append(box);
    document.body.append(host);
  };

  const round = async () => {
    if (document.visibilityState !== 'hidden') show(await ask());
  };
  const start = () => {
    round();
    setInterval(round, Math.max(15, Number(every)) * 1000);
    document.addEventListener('visibilitychange', round);
  };
  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start);
})();
