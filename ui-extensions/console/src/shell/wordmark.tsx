/** Two rings that meet: one email on both sides. */
export function Wordmark() {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 36 24" width="30" height="20" aria-hidden="true">
        <circle cx="12.5" cy="12" r="9" fill="none" strokeWidth="4" className="ring-one" />
        <circle cx="23.5" cy="12" r="9" fill="none" strokeWidth="4" className="ring-two" />
      </svg>
      <span>Seatmatch</span>
    </span>
  );
}
