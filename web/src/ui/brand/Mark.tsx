/** A light well seen from above: a square shaft, and the sky at its end. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <g stroke="var(--lw-quiet)" strokeWidth="1.5">
        <rect x="2.5" y="2.5" width="27" height="27" rx="3" />
        <path d="M3 3l8 8M29 3l-8 8M3 29l8-8M29 29l-8-8" />
      </g>
      <path d="M3.5 3h25L21 11H11z" fill="var(--lw-quiet)" fillOpacity=".3" />
      <path d="M29 3.5v25L21 21V11z" fill="var(--lw-quiet)" fillOpacity=".14" />
      <rect x="11" y="11" width="10" height="10" fill="var(--lw-accent-text)" />
    </svg>
  );
}
