import type { UsageMetric } from '../../../../../server/api.ts';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** A number of a report; what is blank there is not known, and never shown as zero. */
export function MetricValue({ metric, value }: { metric: UsageMetric; value: number | null }) {
  if (value === null) return <span className="not-known">{text.usage.notKnown}</span>;
  return <span className="number">{metric === 'inMailAcceptance' ? `${formatNumber(value)} %` : formatNumber(value)}</span>;
}
