import '@mantine/charts/styles.css';

import { LineChart } from '@mantine/charts';
import type { Invitations } from '../../../../../server/api.ts';
import { formatDate, formatDateTime } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** The activation rate over the runs; the same numbers as a table for whoever does not see the drawing. */
export function RateTrend({ points, target }: { points: Invitations['trend']; target: number }) {
  const words = text.invitations;
  return (
    <>
      <div aria-hidden>
        <LineChart
          h={180}
          data={points.map((point) => ({ at: formatDate(point.at), [words.rate]: point.percent }))}
          dataKey="at"
          series={[{ name: words.rate, color: 'teal.6' }]}
          referenceLines={[{ y: target, label: words.target(target), color: 'gray.6' }]}
          yAxisProps={{ domain: [0, 100], width: 34 }}
          curveType="linear"
          strokeWidth={2}
          gridAxis="y"
          tickLine="none"
          lineProps={{ isAnimationActive: false }}
          lineChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <table className="visually-hidden">
        <caption>{words.trend}</caption>
        <thead>
          <tr>
            <th scope="col">{text.runs.run}</th>
            <th scope="col">{words.rate}</th>
            <th scope="col">{words.activated}</th>
            <th scope="col">{words.invited}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.number}>
              <th scope="row">
                {text.runs.number(point.number)}, {formatDateTime(point.at)}
              </th>
              <td>{point.percent === null ? '' : `${point.percent} %`}</td>
              <td>{point.activated}</td>
              <td>{point.invited}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
