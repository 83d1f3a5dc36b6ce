/** Instants and durations in words. Pure: the present and the zone are given. */

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions, locale = 'en-GB'): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      hourCycle: 'h23',
      ...options,
    });
    formatters.set(key, found);
  }
  return found;
}

/** The zone's short name at that instant: `CET`, `EST`, `UTC`, else `UTC+05:30`. */
export function zoneName(at: number, zone: string): string {
  for (const locale of ['en-GB', 'en-US', 'en-AU', 'en-IN']) {
    const part = formatter(zone, { timeZoneName: 'short' }, locale)
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value;
    if (part && /^[A-Z]{2,5}$/.test(part) && part !== 'GMT') return part;
    if (part === 'GMT' && zone === 'Europe/London') return part;
  }
  const offset = formatter(zone, { timeZoneName: 'longOffset' }).formatToParts(at);
  const text = offset.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return text === 'GMT' ? 'UTC' : text.replace('GMT', 'UTC');
}

const dayKey = (at: number, zone: string) =>
  formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** `14:03 CET` today, `Mon 23 Nov, 14:03 CET` otherwise, with the year when it is another one. */
export function formatInstant(
  at: number,
  zone: string,
  now: number,
  options: { seconds?: boolean; date?: boolean } = {},
): string {
  const time = formatter(zone, {
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds ? { second: '2-digit' } : {}),
  }).format(at);
  const sameDay = dayKey(at, zone) === dayKey(now, zone);
  if (sameDay && !options.date) return `${time} ${zoneName(at, zone)}`;
  return `${formatDay(at, zone, now)}, ${time} ${zoneName(at, zone)}`;
}

/** `Mon 23 Nov`, with the year when it is another one. */
export function formatDay(at: number, zone: string, now: number): string {
  const sameYear = formatter(zone, { year: 'numeric' }).format(at) === formatter(zone, { year: 'numeric' }).format(now);
  return formatter(zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  })
    .format(at)
    .replace(',', '');
}

/** `Mon 23 Nov 2026, 13:03:07 UTC`. */
export const formatFull = (at: number, zone: string): string =>
  `${formatter(zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(at).replace(',', '')}, ${formatter(
    zone,
    { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  ).format(at)} ${zoneName(at, zone)}`;

/** `45 s`, `12 min`, `1 h 24 min`, `2 d 3 h`. With `exact`, seconds are kept under an hour: `12 min 05 s`. */
export function formatDuration(seconds: number, options: { exact?: boolean } = {}): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (whole < 3_600) {
    const rest = whole % 60;
    return options.exact ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** `just now`, `3 min ago`, `in 12 min`, `5 h ago`, `3 d ago`. Never seconds: a number that changes every second draws the eye. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1_000);
  const distance = Math.abs(seconds);
  if (distance < 60) return seconds >= 0 ? 'just now' : 'in less than 1 min';
  const text =
    distance < 5_400
      ? `${Math.floor(distance / 60)} min`
      : distance < 129_600
        ? `${Math.floor(distance / 3_600)} h`
        : `${Math.floor(distance / 86_400)} d`;
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}
