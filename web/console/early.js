// Asks for what this address will show while the program itself is still on its way: who is here, and on an incident's
// address the incident, the newest of its record and the part of the program that shows them.
(() => {
  if (!/^\/(incidents\/|$)/.test(location.pathname)) return;
  const incident = /^\/incidents\/([A-Za-z0-9_-]+)$/.exec(location.pathname)?.[1];
  const addresses = ['/api/v1/me'];
  if (incident) addresses.push(`/api/v1/incidents/${incident}`, `/api/v1/incidents/${incident}/timeline?limit=60`);
  const headers = { accept: 'application/json', 'x-evenkeel': '1' };
  window.evenkeelEarly = Object.fromEntries(
    addresses.map((address) => [
      address,
      fetch(address, { headers, credentials: 'same-origin' }).catch(() => undefined),
    ]),
  );
  const parts = incident ? (document.querySelector('meta[name="evenkeel-room"]')?.getAttribute('content') ?? '') : '';
  for (const part of parts.split(' ').filter(Boolean)) {
    const link = document.createElement('link');
    link.rel = part.endsWith('.css') ? 'preload' : 'modulepreload';
    if (part.endsWith('.css')) link.as = 'style';
    link.crossOrigin = '';
    link.href = `/${part}`;
    document.head.append(link);
  }
})();
