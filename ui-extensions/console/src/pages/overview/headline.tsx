import { Card, RingProgress, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Overview, Status } from '../../../../../server/api.ts';
import { peopleHref } from '../../components/people-href.ts';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** The one number of the product, what stands beside it, and how often LinkedIn itself agreed. */
export function Headline({ overview }: { overview: Overview }) {
  const { seatsThatSync, seats } = overview.headline ?? { seatsThatSync: 0, seats: 0 };
  const countOf = (status: Status): number => overview.byStatus.find((entry) => entry.status === status)?.count ?? 0;
  const share = (value: number): number => (seats > 0 ? (100 * value) / seats : 0);
  const notMatched = countOf('not-matched');
  const waiting = overview.matchedNotSyncing;
  const numbers = [
    {
      label: text.statuses['not-matched'],
      value: notMatched,
      tone: 'red',
      hint: text.overview.notMatchedHint,
      to: peopleHref({ status: ['not-matched'] }),
    },
    {
      label: text.overview.matchedNotSyncing,
      value: waiting,
      tone: 'yellow',
      hint: text.overview.matchedNotSyncingHint,
      to: peopleHref({ status: ['matched'], reason: [...notSyncing] }),
    },
    {
      label: text.statuses['cannot-sync'],
      value: countOf('cannot-sync'),
      tone: 'gray',
      hint: text.overview.cannotSyncHint,
      to: peopleHref({ status: ['cannot-sync'] }),
    },
    {
      label: text.statuses['being-repaired'],
      value: countOf('being-repaired'),
      tone: 'blue',
      hint: text.overview.beingRepairedHint,
      to: peopleHref({ status: ['being-repaired'] }),
    },
    {
      label: text.statuses.excepted,
      value: countOf('excepted'),
      tone: 'grape',
      hint: text.overview.exceptedHint,
      to: peopleHref({ status: ['excepted'] }),
    },
    {
      label: text.statuses['no-license'],
      value: countOf('no-license'),
      tone: 'indigo',
      hint: text.overview.noLicenseHint,
      to: peopleHref({ status: ['no-license'] }),
    },
    {
      label: text.statuses['not-checked'],
      value: countOf('not-checked'),
      tone: 'yellow',
      hint: text.overview.notCheckedHint,
      to: peopleHref({ status: ['not-checked'] }),
    },
  ].filter(({ value }, index) => index < 3 || value > 0);
  const { agreed, of } = overview.observedAgreement;

  return (
    <Card component="section" aria-label={text.overview.headline} p={{ base: 'lg', sm: 'xl' }}>
      <div className="headline">
        <div className="headline-main">
          <RingProgress
            size={148}
            thickness={13}
            roundCaps
            aria-hidden
            sections={[
              { value: share(seatsThatSync), color: 'teal.6' },
              { value: share(waiting), color: 'yellow.5' },
              { value: share(notMatched), color: 'red.5' },
            ]}
            label={
              <Text ta="center" fw={700} fz={26} className="number">
                {Math.round(share(seatsThatSync))}%
              </Text>
            }
          />
          <div>
            <p className="headline-number number">
              <Link className="headline-link" to={peopleHref({ status: ['matched'], reason: ['in-sync', 'emails-agree'] })}>
                {formatNumber(seatsThatSync)}
              </Link>
              <span className="headline-of"> {text.overview.of(seats)}</span>
            </p>
            <Text fw={600}>{text.overview.seatsThatSync}</Text>
            <Text size="sm" c="dimmed" mt={6} maw="36ch">
              {seats > seatsThatSync ? text.overview.lost(seats - seatsThatSync) : text.overview.allSync}
            </Text>
            {of > 0 && (
              <Text size="sm" c="dimmed" mt={2} maw="36ch">
                {text.overview.agreed(agreed, of)}
              </Text>
            )}
          </div>
        </div>
        <ul className="headline-numbers plain-list">
          {numbers.map(({ label, value, tone, hint, to }) => (
            <li key={label}>
              <Link to={to} className="stat" data-tone={tone}>
                <span className="stat-value number">{formatNumber(value)}</span>
                <span className="stat-label">{label}</span>
                <span className="stat-hint">{hint}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

/** Matched by email, and still nothing arrives (design: a number of its own beside the headline). */
const notSyncing = [
  'identity-conflict',
  'linkedin-disagrees',
  'duplicate-profile',
  'invitation-pending',
  'crm-sync-off',
  'waiting-for-linkedin',
] as const;
