import '@mantine/charts/styles.css';

import { LineChart } from '@mantine/charts';
import type { MismatchReport } from '../../../../../server/api.ts';
import { formatDateTime, formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** The match rate over the runs; the same numbers as a table for whoever does not see the drawing. */
export function MatchTrend({ points }: { points: MismatchReport['trend'] }) {
  const words = text.report;
  return (
    <>
      <div aria-hidden>
        <LineChart
          h={200}
          data={points.map((point) => ({
            run: text.runs.number(point.number),
            [words.rate]: point.rate === null ? null : Math.round(point.rate * 1000) / 10,
          }))}
          dataKey="run"
          series={[{ name: words.rate, color: 'teal.6' }]}
          curveType="linear"
          strokeWidth={2}
          gridAxis="y"
          tickLine="none"
          unit=" %"
          lineProps={{ isAnimationActive: false }}
          lineChartProps={{ accessibilityLayer: false }}
          yAxisProps={{ width: 52, domain: [0, 100] }}
        />
      </div>
      <table className="visually-hidden">
        <caption>{words.trend}</caption>
        <thead>
          <tr>
            <th scope="col">{words.run}</th>
            <th scope="col">{words.rate}</th>
            <th scope="col">{words.matched}</th>
            <th scope="col">{words.notMatched}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.id}>
              <th scope="row">
                {text.runs.number(point.number)}, {formatDateTime(point.at)}
              </th>
              <td>{words.percent(point.rate)}</td>
              <td>{formatNumber(point.matched)}</td>
              <td>{formatNumber(point.notMatched)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
