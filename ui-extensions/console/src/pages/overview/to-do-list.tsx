import { Button, Text } from '@mantine/core';
import { IconCheck, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Actor, RootCause, ToDo } from '../../../../../server/api.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { peopleHref } from '../../components/people-href.ts';
import { isPlannable, PlanButton } from '../../components/plan-button.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

export function ToDoList({ items, causes }: { items: readonly ToDo[]; causes: readonly RootCause[] }) {
  const plannable = new Map(causes.filter(isPlannable).map((cause) => [peopleHref({ rootCause: cause.id }), cause]));
  const actors = [...new Set(items.map((item) => item.actor))];
  return (
    <Section title={text.overview.toDo} lead={items.length > 0 ? text.overview.toDoLead : undefined} flush={items.length > 0}>
      {items.length === 0 && (
        <p className="all-done">
          <IconCheck size={18} aria-hidden /> {text.overview.nothingToDo}
        </p>
      )}
      {actors.map((actor) => (
        <ToDoOfActor key={actor} actor={actor} items={items.filter((item) => item.actor === actor)} plannable={plannable} />
      ))}
    </Section>
  );
}

/** How many lines of one actor stand open; more than that is read by nobody. */
const open = 4;

/** Each line is one action, in the server's order: what repairs most people first. */
function ToDoOfActor({ actor, items, plannable }: { actor: Actor; items: readonly ToDo[]; plannable: ReadonlyMap<string, RootCause> }) {
  const [all, setAll] = useState(false);
  const hidden = items.length - open;
  return (
    <div className="to-do-group">
      <h3>
        <ActorMark actor={actor} />
      </h3>
      <ul className="plain-list">
        {(all || hidden <= 1 ? items : items.slice(0, open)).map((item) => (
          <li key={item.href + item.action} className="to-do-line">
            <Link to={item.href} className="to-do">
              <Text size="sm" span>
                {item.action}
              </Text>
              <span className="to-do-count number" title={text.common.people(item.count)}>
                {formatNumber(item.count)}
                <span className="visually-hidden"> {text.common.peopleWord(item.count)}</span>
              </span>
              <IconChevronRight size={16} aria-hidden className="to-do-go" />
            </Link>
            {plannable.has(item.href) && <PlanButton cause={plannable.get(item.href)!} />}
          </li>
        ))}
      </ul>
      {hidden > 1 && (
        <Button variant="subtle" size="compact-sm" ml="sm" mt={2} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? text.overview.fewerReasons : text.overview.moreToDo(hidden)}
          <span className="visually-hidden">: {text.actors[actor]}</span>
        </Button>
      )}
    </div>
  );
}
