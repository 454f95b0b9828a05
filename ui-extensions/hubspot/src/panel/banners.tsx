import { Alert } from '@hubspot/ui-extensions';
import { type Go, GoButton } from './go-button.tsx';
import type { Panel } from './panel-types.ts';
import { alertOf } from './tones.ts';

/** What has to be known before anything else: who has no license, why one may only look, whether the lists are old. */
export function Banners({ panel, go }: { panel: Panel; go: Go }) {
  const { viewer } = panel;
  return (
    <>
      {panel.alarms.map(({ id, sentence, tone, label, target }) => (
        <Alert key={id} title={sentence} variant={alertOf[tone]}>
          <GoButton target={target} label={label} go={go} />
        </Alert>
      ))}
      {viewer.sentence && <Alert title={viewer.sentence} variant="info" />}
      {panel.banners.map(({ sentence, tone }) => (
        <Alert key={sentence} title={sentence} variant={alertOf[tone]} />
      ))}
      {panel.message && panel.state === 'ready' && (
        <Alert title={panel.message.heading} variant="success">
          {panel.message.sentence}
        </Alert>
      )}
    </>
  );
}
