/** Small shapes that tell tones apart without colour: octagon, triangle, diamond, half disc, tick, ring. */
import type { Tone } from './tones.ts';

/** The shape of a tone, 12 px, in the colour of the text around it. Decorative: the word beside it says the same. */
export function Shape({ tone, size = 12 }: { tone: Tone; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" focusable="false" fill="currentColor">
      {paths[tone]}
    </svg>
  );
}

const mark = {
  stroke: 'var(--ek-shape-mark, var(--mantine-color-body))',
  strokeWidth: 1.5,
  strokeLinecap: 'round',
  fill: 'none',
} as const;

const paths: Record<Tone, React.ReactNode> = {
  danger: (
    <>
      <path d="M3.7.5h4.6l3.2 3.2v4.6l-3.2 3.2H3.7L.5 8.3V3.7z" />
      <path d="M6 3.2v3.1M6 8.7v.05" {...mark} />
    </>
  ),
  warn: (
    <>
      <path d="M6 .8c.4 0 .7.2.9.5l4.7 8.4c.4.7-.1 1.5-.9 1.5H1.300c-.8 0-1.3-.8-.9-1.500L5.1 1.300c.2-.3.5-.5.9-.5z" />
      <path d="M6 4.300v2.600M6 9.050v.05" {...mark} />
    </>
  ),
  notice: <path d="M6 .6 11.4 6 6 11.4.6 6z" />,
  progress: (
    <>
      <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2.800a3.2 3.2 0 0 1 0 6.400z" />
    </>
  ),
  ok: (
    <>
      <circle cx="6" cy="6" r="5.5" />
      <path d="m3.6 6.2 1.7 1.7 3.2-3.5" {...mark} strokeLinejoin="round" />
    </>
  ),
  idle: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  exercise: (
    <>
      <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 1.570" />
      <circle cx="6" cy="6" r="1.8" />
    </>
  ),
};
