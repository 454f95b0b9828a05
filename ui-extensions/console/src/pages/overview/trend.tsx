import '@mantine/charts/styles.css';

import { AreaChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import type { Overview } from '../../../../../server/api.ts';
import { formatDateTime } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** Seats that sync over the runs; the same numbers as a table for whoever does not see the drawing. */
export function Trend({ points }: { points: Overview['trend'] }) {
  if (points.length < 2) return <Text c="dimmed">{text.overview.trendTooShort}</Text>;
  const series = { sync: text.overview.seatsThatSync, notMatched: text.statuses['not-matched'] };
  return (
    <>
      <div aria-hidden>
        <AreaChart
          h={200}
          data={points.map((point) => ({
            run: text.runs.number(point.number),
            [series.sync]: point.seatsThatSync,
            [series.notMatched]: point.notMatched,
          }))}
          dataKey="run"
          series={[
            { name: series.sync, color: 'teal.6' },
            { name: series.notMatched, color: 'red.6', strokeDasharray: '5 4' },
          ]}
          curveType="linear"
          withLegend
          withGradient
          fillOpacity={0.18}
          strokeWidth={2}
          gridAxis="y"
          tickLine="none"
          areaProps={{ isAnimationActive: false }}
          areaChartProps={{ accessibilityLayer: false }}
          legendProps={{ verticalAlign: 'bottom', height: 28 }}
          yAxisProps={{ width: 34, allowDecimals: false }}
        />
      </div>
      <table className="visually-hidden">
        <caption>{text.overview.trend}</caption>
        <thead>
          <tr>
            <th scope="col">{text.runs.run}</th>
            <th scope="col">{series.sync}</th>
            <th scope="col">{text.overview.seats}</th>
            <th scope="col">{series.notMatched}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.id}>
              <th scope="row">
                {text.runs.number(point.number)}, {formatDateTime(point.at)}
              </th>
              <td>{point.seatsThatSync}</td>
              <td>{point.seats}</td>
              <td>{point.notMatched}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
