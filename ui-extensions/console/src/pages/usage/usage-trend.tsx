import '@mantine/charts/styles.css';

import { BarChart } from '@mantine/charts';
import type { Usage } from '../../../../../server/api.ts';
import { formatDay } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { useStates } from './use-bar.tsx';

const colors = { active: 'teal.6', inactive: 'orange.6', unknown: 'gray.4' } as const;

/** Who was active over the reports; the same numbers as a table for whoever does not see the drawing. */
export function UsageTrend({ points }: { points: Usage['trend'] }) {
  const words = text.usage;
  return (
    <>
      <div aria-hidden>
        <BarChart
          h={200}
          data={points.map((point) => ({
            period: formatDay(point.to),
            ...Object.fromEntries(useStates.map((use) => [words.uses[use], point.byUse[use]])),
          }))}
          dataKey="period"
          type="stacked"
          series={useStates.map((use) => ({ name: words.uses[use], color: colors[use] }))}
          withLegend
          legendProps={{ verticalAlign: 'bottom', height: 28 }}
          gridAxis="y"
          tickLine="none"
          maxBarWidth={56}
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
          yAxisProps={{ width: 34, allowDecimals: false }}
        />
      </div>
      <table className="visually-hidden">
        <caption>{words.trend}</caption>
        <thead>
          <tr>
            <th scope="col">{words.period}</th>
            {useStates.map((use) => (
              <th scope="col" key={use}>
                {words.uses[use]}
              </th>
            ))}
            <th scope="col">{words.daysActive}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.id}>
              <th scope="row">{words.days(formatDay(point.from), formatDay(point.to))}</th>
              {useStates.map((use) => (
                <td key={use}>{point.byUse[use]}</td>
              ))}
              <td>{point.daysActive ?? words.notKnown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
