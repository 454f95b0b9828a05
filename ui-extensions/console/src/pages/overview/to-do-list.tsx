import { Text } from '@mantine/core';
import { IconCheck, IconChevronRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Overview, ToDo } from '../../../../../server/api.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** Two causes may be repaired by the same words; the cause's own title tells the lines apart. */
const causeOf = (item: ToDo, causes: Overview['rootCauses']): string | undefined => {
  const id = new URLSearchParams(item.href.split('?', 2)[1]).get('rootCause');
  return causes.find((cause) => cause.id === id)?.title;
};

/** Each line is one action of one actor. */
export function ToDoList({ items, causes }: { items: readonly ToDo[]; causes: Overview['rootCauses'] }) {
  const actors = [...new Set(items.map((item) => item.actor))];
  return (
    <Section title={text.overview.toDo} lead={items.length > 0 ? text.overview.toDoLead : undefined} flush={items.length > 0}>
      {items.length === 0 && (
        <p className="all-done">
          <IconCheck size={18} aria-hidden /> {text.overview.nothingToDo}
        </p>
      )}
      {actors.map((actor) => (
        <div key={actor} className="to-do-group">
          <h3>
            <ActorMark actor={actor} />
          </h3>
          <ul className="plain-list">
            {items
              .filter((item) => item.actor === actor)
              .map((item) => (
                <li key={item.href + item.action}>
                  <Link to={item.href} className="to-do">
                    <span>
                      <Text size="sm" span display="block">
                        {item.action}
                      </Text>
                      {causeOf(item, causes) && (
                        <Text size="xs" c="dimmed" span display="block">
                          {causeOf(item, causes)}
                        </Text>
                      )}
                    </span>
                    <span className="to-do-count number" title={text.common.people(item.count)}>
                      {formatNumber(item.count)}
                      <span className="visually-hidden"> {text.common.peopleWord(item.count)}</span>
                    </span>
                    <IconChevronRight size={16} aria-hidden className="to-do-go" />
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </Section>
  );
}
