import { Button, Flex, Heading } from '@hubspot/ui-extensions';
import { HeaderActions, PrimaryHeaderActionButton, SecondaryHeaderActionButton } from '@hubspot/ui-extensions/pages/home';
import { useState } from 'react';
import type { AskServer, PlanChoice } from './ask-server.ts';
import { GoButton } from './go-button.tsx';
import { Loading } from './loading.tsx';
import { Overview } from './overview.tsx';
import type { Panel, Target, Words } from './panel-types.ts';
import { everybody, firstPage, PeopleList, type PeopleView } from './people-list.tsx';
import { PersonDetail } from './person-detail.tsx';
import { PlanView } from './plan-view.tsx';
import { ProblemAlert, ProblemState } from './problem-state.tsx';
import { type Planning, planName } from './repair-button.tsx';
import { useAction } from './use-action.ts';
import { type Answer, useAnswer } from './use-answer.ts';

type View = { view: 'people'; people: PeopleView } | { view: 'person'; key: string } | { view: 'plan'; id: string };
const viewOf = (target: Target): View => (target.view === 'people' ? { view: 'people', people: firstPage(target.filter) } : target);

interface HomePageProps {
  readonly ask: AskServer;
  readonly closeOverlay: (id: string) => void;
}

/** The app's home: overview, people, one person, one plan. HubSpot has no address for what is open in it, so the way back is kept here. */
export function HomePage({ ask, closeOverlay }: HomePageProps) {
  const [way, setWay] = useState<readonly View[]>([]);
  const [look, setLook] = useState(0);
  const panel = useAnswer('panel', ask.panel, look, ({ poll }) => poll);
  const action = useAction();
  if (!panel.value) {
    return panel.problem ? <ProblemState problem={panel.problem} words={null} onRetry={panel.reload} /> : <Loading words={null} />;
  }
  const { words, viewer } = panel.value;

  const go = (target: Target): void => {
    action.forget();
    setWay([...way, viewOf(target)]);
  };
  const back = (): void => {
    action.forget();
    setWay(way.slice(0, -1));
    if (way.length === 1) panel.reload();
  };
  const plan = (choice: PlanChoice): void =>
    action.run(planName(choice), async (key) => {
      const { id } = await ask.createPlan(choice, key);
      setWay((last) => [...last, { view: 'plan', id }]);
    });
  const planning = viewer.canAct ? { action, plan } : null;
  const shown = way.at(-1);

  return (
    <Flex direction="column" gap="md">
      <HeaderActions>
        {viewer.canAct && (
          <PrimaryHeaderActionButton
            disabled={action.busy !== null || panel.value.state === 'working'}
            onClick={() =>
              action.run('compare', async (key) => {
                await ask.compare(key);
                panel.reload();
              })
            }
          >
            {words.compareNow}
          </PrimaryHeaderActionButton>
        )}
        <SecondaryHeaderActionButton onClick={() => setLook(look + 1)}>{words.refresh}</SecondaryHeaderActionButton>
      </HeaderActions>
      <Flex justify="between" align="center" wrap gap="sm">
        <Heading>{panel.value.title}</Heading>
        {shown ? (
          <Button variant="secondary" size="sm" onClick={back}>
            {words.back}
          </Button>
        ) : (
          panel.value.state === 'ready' && <GoButton target={{ view: 'people', filter: everybody }} label={words.people ?? ''} go={go} />
        )}
      </Flex>
      <ProblemAlert problem={action.problem} words={words} />
      {shown ? (
        <Further
          shown={shown}
          look={look}
          ask={ask}
          words={words}
          go={go}
          planning={planning}
          closeOverlay={closeOverlay}
          onPeople={(people) => setWay([...way.slice(0, -1), { view: 'people', people }])}
        />
      ) : (
        <Start panel={panel} value={panel.value} go={go} planning={planning} />
      )}
    </Flex>
  );
}

function Start({
  panel,
  value,
  go,
  planning,
}: {
  panel: Answer<Panel>;
  value: Panel;
  go: (target: Target) => void;
  planning: Planning | null;
}) {
  return (
    <>
      <ProblemAlert problem={panel.problem} words={value.words} onRetry={panel.reload} />
      <Overview panel={value} go={go} planning={planning} />
    </>
  );
}

interface FurtherProps extends HomePageProps {
  readonly shown: View;
  readonly look: number;
  readonly words: Words;
  readonly go: (target: Target) => void;
  readonly planning: Planning | null;
  readonly onPeople: (people: PeopleView) => void;
}

function Further({ shown, look, ask, words, go, planning, closeOverlay, onPeople }: FurtherProps) {
  switch (shown.view) {
    case 'people':
      return <PeopleList look={look} ask={ask} words={words} view={shown.people} onView={onPeople} go={go} planning={planning} />;
    case 'person':
      return <Person look={look} key={shown.key} personKey={shown.key} ask={ask} words={words} go={go} planning={planning} />;
    case 'plan':
      return <PlanView look={look} key={shown.id} id={shown.id} ask={ask} words={words} go={go} closeOverlay={closeOverlay} />;
  }
}

function Person({
  personKey,
  look,
  ask,
  words,
  go,
  planning,
}: Pick<FurtherProps, 'look' | 'words' | 'go' | 'planning'> & { personKey: string; ask: Pick<AskServer, 'person'> }) {
  const person = useAnswer(personKey, () => ask.person(personKey), look);
  if (person.value) return <PersonDetail person={person.value} words={words} go={go} planning={planning} />;
  return person.problem ? <ProblemState problem={person.problem} words={words} onRetry={person.reload} /> : <Loading words={words} />;
}
