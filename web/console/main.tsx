/** The console's entry: styles in order of weight, then the app. */
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.layer.css';
import '@mantine/dates/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '../kit/tones.css';
import '../kit/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';

// A newer version was installed while this page stood open: its parts are gone, so load the new page, once.
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('evenkeel-reloaded') ?? 0);
  if (Date.now() - last < 30_000) return;
  event.preventDefault();
  sessionStorage.setItem('evenkeel-reloaded', String(Date.now()));
  location.reload();
});

createRoot(document.getElementById('root')!).render(<App />);
