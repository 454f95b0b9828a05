import type { GuidedStep } from '../../../../../server/api.ts';

/** Steps in Admin Center, in order; a page of LinkedIn's help opens beside this one. */
export function Steps({ steps }: { steps: readonly GuidedStep[] }) {
  return (
    <ol className="plan-steps">
      {steps.map(({ sentence, href }) => (
        <li key={sentence}>
          {href ? (
            <a href={href} target="_blank" rel="noreferrer">
              {sentence}
            </a>
          ) : (
            sentence
          )}
        </li>
      ))}
    </ol>
  );
}
