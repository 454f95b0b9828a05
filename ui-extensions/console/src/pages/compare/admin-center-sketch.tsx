import { text } from '../../text.ts';

/** Where the three steps are found: a sketch, since Admin Center changes its looks more often than its words (LinkedIn help a147282). */
export function AdminCenterSketch() {
  const words = text.compare.sketch;
  return (
    <figure className="sketch">
      <svg viewBox="0 0 372 168" role="img" aria-label={words.label}>
        <rect x="0.5" y="0.5" width="371" height="167" rx="9" className="sketch-window" />
        <path d="M0.5 26.5H371.5M104.5 26.5V167.5" className="sketch-line" />
        <circle cx="14" cy="13.5" r="3.5" className="sketch-quiet" />
        <circle cx="26" cy="13.5" r="3.5" className="sketch-quiet" />
        <text x="42" y="17.5" className="sketch-words dimmed">
          {words.window}
        </text>
        <rect x="14" y="40" width="58" height="7" rx="3.5" className="sketch-quiet" />
        <rect x="8" y="56" width="90" height="24" rx="6" className="sketch-chosen" />
        <text x="18" y="72" className="sketch-words strong">
          {words.users}
        </text>
        <rect x="14" y="91" width="66" height="7" rx="3.5" className="sketch-quiet" />
        <rect x="14" y="109" width="50" height="7" rx="3.5" className="sketch-quiet" />
        {[52, 76, 100, 124, 148].map((y, row) => (
          <g key={y} className="sketch-quiet">
            <circle cx="124" cy={y} r="6" />
            <rect x="138" y={y - 3.5} width={row % 2 === 0 ? 26 : 20} height="7" rx="3.5" />
          </g>
        ))}
        <rect x="186.5" y="38.5" width="174" height="26" rx="6" className="sketch-button" />
        <text x="198" y="55.5" className="sketch-words strong">
          {words.manage}
        </text>
        <path d="M341 49.5l4 4 4-4" className="sketch-mark" />
        <rect x="186.5" y="69.5" width="174" height="82" rx="6" className="sketch-menu" />
        <text x="198" y="89" className="sketch-words dimmed">
          {words.upload}
        </text>
        <rect x="191" y="97" width="165" height="24" rx="5" className="sketch-chosen" />
        <text x="198" y="113" className="sketch-words strong">
          {words.downloadAll}
        </text>
        <text x="198" y="139" className="sketch-words dimmed">
          {words.downloadFiltered}
        </text>
        {(
          [
            [88, 68],
            [174, 51.5],
            [174, 109],
          ] as const
        ).map(([x, y], step) => (
          <g key={`${x}-${y}`}>
            <circle cx={x} cy={y} r="9" className="sketch-step" />
            <text x={x} y={y + 3.5} className="sketch-number">
              {step + 1}
            </text>
          </g>
        ))}
      </svg>
      <figcaption>{words.caption}</figcaption>
    </figure>
  );
}
