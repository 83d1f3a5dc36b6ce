/** The product's mark: a level horizon, as in the instrument that shows it. */

/** The sign alone. `size` in pixels. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
      <circle cx="16" cy="16" r="8.75" fill="none" stroke="#fff" strokeWidth="2" />
      <path d="M7.25 16.5h17.5a8.75 8.75 0 0 1-17.5 0z" fill="#fff" />
      <path d="M3.75 16h24.5" stroke="#fff" strokeWidth="2.25" strokeLinecap="round" />
    </svg>
  );
}

/** Sign and name. */
export function Wordmark({ size = 28 }: { size?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: size * 0.36 }}>
      <Mark size={size} />
      <span
        style={{
          fontSize: size * 0.62,
          fontWeight: 640,
          letterSpacing: '-0.022em',
          lineHeight: 1,
        }}
      >
        Evenkeel
      </span>
    </span>
  );
}
