/** The product's mark: a hull on a level horizon, its keel below the line. */

/** The sign alone. `size` in pixels. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
      <path d="M5 13.75h22" stroke="#fff" strokeWidth="2.25" strokeLinecap="round" />
      <path d="M8.75 16.5h14.5c-.6 3.6-3.5 6-7.25 6s-6.65-2.4-7.25-6z" fill="#fff" />
      <path d="M14.9 22h2.2l-.35 4.4a.75.75 0 0 1-1.5 0z" fill="#fff" />
    </svg>
  );
}

/** Sign and name. */
export function Wordmark({ size = 28 }: { size?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: size * 0.36 }}>
      <Mark size={size} />
      <span style={{ fontSize: size * 0.62, fontWeight: 640, letterSpacing: '-0.022em', lineHeight: 1 }}>Evenkeel</span>
    </span>
  );
}
