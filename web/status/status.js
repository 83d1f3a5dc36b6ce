/* Adds to a page that is complete without it: how long until or since each time, local time on hover, a reload when looked at again. */
(() => {
  const say = (seconds) => {
    const minutes = Math.round(Math.abs(seconds) / 60);
    const words =
      minutes < 1
        ? 'under a minute'
        : minutes < 60
          ? `${minutes} min`
          : minutes < 2880
            ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
            : `${Math.round(minutes / 1440)} days`;
    return seconds >= 0 ? `in ${words}` : `${words} ago`;
  };
  const local = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  };
  const times = [...document.querySelectorAll('time')];
  for (const time of times) time.title = new Date(time.dateTime).toLocaleString(undefined, local);
  const live = times.filter((time) => 'live' in time.dataset).map((time) => [time, time.textContent]);
  // A copy on a host of files cannot look at its own age: after ten minutes it claims nothing, as our own server would.
  const top = document.querySelector('[data-as-of]');
  const age = (now) => {
    if (!top || now - new Date(top.dataset.asOf) < 600000) return;
    top.className = 'overall s-unknown';
    top.querySelector('h1').textContent = top.dataset.old;
    top.querySelector('svg').remove();
    top.removeAttribute('data-as-of');
  };
  const tick = () => {
    const now = new Date();
    if (top?.dataset.asOf) age(now);
    for (const [time, words] of live) time.textContent = `${words} (${say((new Date(time.dateTime) - now) / 1000)})`;
  };
  tick();
  setInterval(tick, 30000);
  // A page that is looked at again after a while shows the present, not the past.
  let loaded = performance.now();
  document.addEventListener('visibilitychange', () => {
    if (
      document.visibilityState === 'visible' &&
      performance.now() - loaded > 60000 &&
      !document.querySelector('form')
    ) {
      loaded = performance.now();
      location.reload();
    }
  });
})();
