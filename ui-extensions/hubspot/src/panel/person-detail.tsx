import {
  Accordion,
  Alert,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  List,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { type Go, GoButton } from './go-button.tsx';
import { MarkedEmail } from './marked-email.tsx';
import type { PanelPersonDetail, Words } from './panel-types.ts';
import { type Planning, RepairButton } from './repair-button.tsx';
import { Section } from './section.tsx';
import { tagOf } from './tones.ts';

interface PersonProps {
  readonly person: PanelPersonDetail;
  readonly words: Words;
}

/** Status, reason, next step and both addresses: all there is room for beside a record. */
export function PersonSummary({ person, words }: PersonProps) {
  return (
    <>
      <Flex align="center" gap="sm" wrap>
        <StatusTag variant={tagOf[person.tone]}>{person.status}</StatusTag>
        <Text variant="microcopy">{person.since}</Text>
      </Flex>
      {person.warning && <Alert title={person.warning} variant="warning" />}
      <Flex direction="column" gap="flush">
        <Text format={{ fontWeight: 'bold' }}>{person.reason}</Text>
        <Text>{person.sentence}</Text>
      </Flex>
      <DescriptionList direction="column">
        <DescriptionListItem label={words.nextStep ?? ''}>
          <Text>{person.nextStep}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={words.actor ?? ''}>
          <Text>{person.actor}</Text>
        </DescriptionListItem>
      </DescriptionList>
      {person.emails.map((email) => (
        <MarkedEmail key={email.label} email={email} words={words} />
      ))}
    </>
  );
}

/** One person: why, how it was decided, and what happened so far. */
export function PersonDetail({ person, words, go, planning }: PersonProps & { go: Go; planning: Planning | null }) {
  return (
    <Flex direction="column" gap="md">
      <Heading>{person.name}</Heading>
      <Section title={words.status}>
        <PersonSummary person={person} words={words} />
        {person.owner && <Text>{person.owner}</Text>}
        {person.also.length > 0 && <Text format={{ fontWeight: 'demibold' }}>{words.alsoTrue}</Text>}
        {person.also.length > 0 && (
          <List variant="unordered">
            {person.also.map((also) => (
              <Text key={also}>{also}</Text>
            ))}
          </List>
        )}
        <DescriptionList direction="column">
          <DescriptionListItem label={words.doneWhen ?? ''}>
            <Text>{person.closedBy}</Text>
          </DescriptionListItem>
        </DescriptionList>
        <Flex>
          <RepairButton repair={person.repair} planning={planning} />
        </Flex>
      </Section>
      {person.suggestions.length > 0 && (
        <Section title={words.suggestions}>
          {person.suggestions.map(({ name, email, sentence }) => (
            <Flex key={`${name} ${email}`} direction="column" gap="flush">
              <Text format={{ fontWeight: 'bold' }}>{name}</Text>
              <Text>{email}</Text>
              <Text variant="microcopy">{sentence}</Text>
            </Flex>
          ))}
        </Section>
      )}
      {person.repairs.length > 0 && (
        <Section title={words.repairs}>
          {person.repairs.map(({ sentence, target }) => (
            <Flex key={sentence} justify="between" align="center" wrap gap="xs">
              <Text>{sentence}</Text>
              <GoButton target={target} label={words.plan ?? ''} go={go} />
            </Flex>
          ))}
        </Section>
      )}
      {person.timeline.length > 0 && (
        <Section title={words.timeline}>
          <Table flush>
            <TableBody>
              {person.timeline.map(({ when, sentence, tone }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the same can happen twice at one time
                <TableRow key={index}>
                  <TableCell width="min">
                    <Text variant="microcopy">{when}</Text>
                  </TableCell>
                  <TableCell>
                    {tone === 'bad' || tone === 'warning' ? (
                      <StatusTag variant={tagOf[tone]}>{sentence}</StatusTag>
                    ) : (
                      <Text>{sentence}</Text>
                    )}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Section>
      )}
      {person.trace.length > 0 && (
        <Accordion title={words.howDecided ?? ''}>
          <Flex direction="column" gap="sm">
            {person.trace.map(({ rule, outcome, tone, detail }) => (
              <Flex key={rule} direction="column" gap="flush">
                <Flex align="center" gap="xs" wrap>
                  <Text format={{ fontWeight: 'demibold' }}>{rule}</Text>
                  <StatusTag variant={tagOf[tone]}>{outcome}</StatusTag>
                </Flex>
                <Text variant="microcopy">{detail}</Text>
              </Flex>
            ))}
          </Flex>
        </Accordion>
      )}
    </Flex>
  );
}
