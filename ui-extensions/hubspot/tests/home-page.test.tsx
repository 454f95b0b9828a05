import {
  Alert,
  Button,
  EmptyState,
  ErrorState,
  LoadingButton,
  LoadingSpinner,
  ProgressBar,
  SearchInput,
  Select,
  StatusTag,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { PrimaryHeaderActionButton, SecondaryHeaderActionButton } from '@hubspot/ui-extensions/pages/home';
import { createRenderer, type RenderedElementNode, type RenderedRootNode } from '@hubspot/ui-extensions/testing';
import { describe, expect, test, vi } from 'vitest';
import type { AskServer } from '../src/panel/ask-server.ts';
import { HomePage } from '../src/panel/home-page.tsx';
import type { Panel, PanelPlan } from '../src/panel/panel-types.ts';
import { answers, type Call, held, refused } from './answers.ts';
import { examplePanel, examplePeople, examplePerson, examplePlan, words } from './example-answers.ts';

/** A component's own text with that of all it holds. */
const textOf = (node: { toString(): string }): string => node.toString();

/** The renderer's own `waitFor` looks again only when something is drawn. */
const waitFor = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

async function open(change: Partial<AskServer> = {}) {
  const { ask, calls } = answers(change);
  const closed: string[] = [];
  const renderer = createRenderer('home');
  renderer.render(<HomePage ask={ask} closeOverlay={(id) => closed.push(id)} />);
  const { find, findAll } = renderer;
  const button = (label: string) => find(Button, (node) => node.text === label);
  const press = (label: string): void => button(label).trigger('onClick');
  const shows = (text: string) => waitFor(() => expect(textOf(renderer.getRootNode())).toContain(text));
  return {
    ...renderer,
    find,
    findAll,
    waitFor,
    button,
    press,
    shows,
    calls,
    closed,
    named: (name: string) => calls.filter(([each]) => each === name),
  };
}
/** The modal of a button is a part of it that is drawn when it is pressed. */
const confirmOf = (node: RenderedElementNode<{ overlay?: unknown }>) =>
  (node.props.overlay as unknown as RenderedRootNode).find(LoadingButton);
const keyOf = (call: Call | undefined): unknown => call?.at(-1);

describe('states', () => {
  test('while the first answer is on its way there is a spinner and nothing else', async () => {
    const first = held<Panel>();
    const page = await open({ panel: () => first.promise });
    expect(page.find(LoadingSpinner).props.label).toBe('Loading …');
    expect(page.findAll(Button)).toEqual([]);
    first.resolve(examplePanel());
    await page.shows('10 of 90 licenses sync.');
    expect(page.findAll(LoadingSpinner)).toEqual([]);
  });

  test('where no server answers the panel says so by itself, and asks again when it is told to', async () => {
    const tries = [() => Promise.reject(new Error('down')), async () => examplePanel()];
    const page = await open({ panel: () => tries.shift()!() });
    await page.shows('Seatmatch does not answer.');
    await page.shows('ask your admin whether the Seatmatch server is up');
    page.press('Try again');
    await page.shows('Acme · HubSpot');
  });

  test('without rights nobody is asked to try again; without a connection they are', async () => {
    const noRights = await open({ panel: () => Promise.reject(refused('no-rights', 'You may not see this.', 'Ask a super admin.')) });
    await noRights.shows('You may not see this.');
    expect(noRights.find(ErrorState).props.type).toBe('lock');
    expect(noRights.findAll(Button)).toEqual([]);

    const notConnected = await open({ panel: () => Promise.reject(refused('not-connected', 'This portal is not connected.')) });
    await notConnected.shows('This portal is not connected.');
    expect(notConnected.find(ErrorState).props.type).toBe('lock');
    expect(notConnected.findAll(Button)).toHaveLength(1);
  });

  test('nothing compared yet: the server’s message and nothing to decide on', async () => {
    const message = { heading: 'Nothing compared yet', sentence: 'Bring both lists.' };
    const page = await open({
      panel: async () => examplePanel({ state: 'empty', message, toDo: [], causes: [], fileTasks: [], alarms: [] }),
    });
    await page.shows('Bring both lists.');
    expect(page.find(EmptyState).props.title).toBe('Nothing compared yet');
    expect(textOf(page.getRootNode())).not.toContain(words.toDo);
  });

  test('everyone is matched: the message is good news above what there is', async () => {
    const message = { heading: 'Everyone is matched.', sentence: 'Nothing is left to do.' };
    const page = await open({ panel: async () => examplePanel({ message, toDo: [], causes: [], reasons: [] }) });
    await page.shows('Nothing is left to do.');
    expect(page.find(Alert, { title: 'Everyone is matched.' }).props.variant).toBe('success');
    await page.shows(words.nothingToDo!);
  });

  test('whoever may only look reads why, and finds nothing to press that changes anything', async () => {
    const viewer = { name: 'Rea Reader', canAct: false, sentence: 'Only super admins may act.' };
    const page = await open({ panel: async () => examplePanel({ viewer }) });
    await page.shows('Only super admins may act.');
    expect(page.findAll(LoadingButton)).toEqual([]);
    expect(page.findAll(PrimaryHeaderActionButton)).toEqual([]);
  });

  test('who has no license stands first, and leads to the plan that gives it back', async () => {
    const page = await open();
    await page.shows('3 people have no license right now.');
    expect(page.findAll(Alert)[0]?.props).toMatchObject({ title: '3 people have no license right now.', variant: 'danger' });
    page.press('Give everyone back');
    await page.waitFor(() => expect(page.named('plan')).toEqual([['plan', '7']]));
  });

  test('an open file has its bar in red while people have no license', async () => {
    const page = await open();
    await page.shows('3 of 3 wait.');
    expect(page.find(ProgressBar, { valueDescription: '3 of 3 wait.' }).props).toMatchObject({ variant: 'danger', value: 0, maxValue: 3 });
  });

  test('of a long list the first are shown, and all of them when they are wanted', async () => {
    const toDo = Array.from({ length: 34 }, (_, index) => ({
      id: `${index}`,
      actor: 'CRM admin',
      sentence: `Task ${index}.`,
      count: 1,
      target: null,
    }));
    const page = await open({ panel: async () => examplePanel({ toDo }) });
    await page.shows('Task 4.');
    expect(textOf(page.getRootNode())).not.toContain('Task 5.');
    page.press(`${words.all} (34)`);
    await page.shows('Task 33.');
  });

  test('what is shown stays while a later answer fails to come, with a way to ask again', async () => {
    const tries = [
      async () => examplePanel({ poll: 0.01 }),
      () => Promise.reject(new Error('down')),
      async () => examplePanel({ title: 'Again' }),
    ];
    const page = await open({ panel: () => tries.shift()!() });
    await page.shows('Seatmatch does not answer.');
    expect(textOf(page.getRootNode())).toContain('10 of 90 licenses sync.');
    await page.shows('Again');
    expect(textOf(page.getRootNode())).not.toContain('Seatmatch does not answer.');
  });

  test('the server is asked again as often as it says, and not by itself where it says nothing', async () => {
    let times = 0;
    const page = await open({ panel: async () => examplePanel({ title: `Answer ${++times}`, poll: times < 3 ? 0.01 : null }) });
    await page.shows('Answer 3');
    expect(page.named('panel')).toHaveLength(3);
  });
});

describe('the list', () => {
  const toList = async (change: Partial<AskServer> = {}) => {
    const page = await open(change);
    await page.shows('Not Matched');
    page.press('Not Matched');
    await page.waitFor(() => expect(page.named('people')).toHaveLength(1));
    return page;
  };

  test('ten thousand people come by the server’s pages, forwards and back', async () => {
    const pages: Record<string, string> = { '': 'First Page', 'page-2': 'Second Page' };
    const page = await toList({
      people: async ({ cursor = '' }) =>
        examplePeople({ rows: [examplePerson({ name: pages[cursor]! })], next: cursor === '' ? 'page-2' : null }),
    });
    await page.shows('First Page');
    await page.shows('10,000 people');
    expect(page.findAll(Button, (node) => node.text === words.previous)).toEqual([]);
    page.press(words.next!);
    await page.shows('Second Page');
    expect(page.findAll(Button, (node) => node.text === words.next)).toEqual([]);
    page.press(words.previous!);
    await page.shows('First Page');
    expect(page.named('people').map(([, query]) => query)).toEqual([
      { status: 'not-matched' },
      { status: 'not-matched', cursor: 'page-2' },
      { status: 'not-matched' },
    ]);
  });

  test('filter, order and search are the server’s, begin at the first page, and can be cleared', async () => {
    const page = await toList();
    await page.shows('Anna Berg');
    page.press(words.next!);
    await page.waitFor(() => expect(page.named('people')).toHaveLength(2));
    page.find(Select).trigger('onChange', 'email-differs' as never);
    await page.waitFor(() => expect(page.named('people').at(-1)).toEqual(['people', { status: 'not-matched', reason: 'email-differs' }]));
    await page.shows('Anna Berg');
    page.find(TableHeader, (node) => node.text === words.name).trigger('onSortChange' as never, 'descending' as never);
    const sorted = { status: 'not-matched', reason: 'email-differs', sort: 'name', order: 'desc' };
    await page.waitFor(() => expect(page.named('people').at(-1)).toEqual(['people', sorted]));
    page.find(SearchInput).trigger('onInput', ' Łukasz ' as never);
    await page.waitFor(() => expect(page.named('people').at(-1)).toEqual(['people', { ...sorted, search: 'Łukasz' }]));
    page.press(words.clearFilter!);
    await page.waitFor(() => expect(page.named('people').at(-1)).toEqual(['people', { status: 'all', sort: 'name', order: 'desc' }]));
    expect(page.find(SearchInput).props.value).toBe('');
  });

  test('nobody fits: the server’s word, and the filters stay to be changed', async () => {
    const page = await toList({ people: async () => examplePeople({ rows: [], total: 0, totalSentence: 'Nobody', next: null }) });
    await page.shows('Nobody');
    expect(page.find(EmptyState).props.title).toBe(words.noResults);
    expect(page.find(Select).props.label).toBe('Reason');
  });

  test('an address of 320 characters is cut with its whole in the tip, and a missing one is a dash', async () => {
    const long = `${'a'.repeat(300)}@acme.example`;
    const page = await toList({ people: async () => examplePeople({ rows: [examplePerson({ licenseEmail: long, crmEmail: null })] }) });
    await page.shows(long);
    expect(page.find(Text, (node) => node.text === long).props.truncate).toEqual({ maxWidth: 320 });
    await page.shows('–');
  });

  test('a person shows both addresses with what differs said in words too, and back is the list as it was left', async () => {
    const page = await toList();
    await page.shows('Anna Berg');
    page.press(words.next!);
    await page.waitFor(() => expect(page.named('people')).toHaveLength(2));
    await page.shows('Anna Berg');
    page.press('Anna Berg');
    await page.shows('This is Anna Berg by employee number.');
    const differing = page.find(Text, (node) => node.text === 'com');
    expect(differing.props.format).toMatchObject({ lineDecoration: 'underline' });
    await page.shows('“com” (old domain)');
    page.press(words.back!);
    await page.waitFor(() => expect(page.findAll(TableRow)).toHaveLength(2));
    expect(page.named('people').at(-1)).toEqual(['people', { status: 'not-matched', cursor: 'page-2' }]);
  });
});

describe('planning and approving', () => {
  const repair = 'Repair 37 people';
  const toPlan = async (change: Partial<AskServer> = {}) => {
    const page = await open(change);
    await page.shows(repair);
    page.find(LoadingButton, (node) => node.text === repair).trigger('onClick');
    await page.shows('Upload one file.');
    return page;
  };
  const running = (change: Partial<PanelPlan> = {}): PanelPlan =>
    examplePlan({
      state: 'running',
      stateWords: 'Running',
      approval: null,
      progress: { value: 12, of: 37, sentence: '12 of 37', counts: [{ label: 'Repaired', count: 12, tone: 'good' }] },
      ...change,
    });

  test('a button that plans is busy, lets no other action begin, and a second press plans nothing twice', async () => {
    const plan = held<{ id: string }>();
    const page = await open({ createPlan: () => plan.promise });
    await page.shows(repair);
    const button = page.find(LoadingButton, (node) => node.text === repair);
    button.trigger('onClick');
    button.trigger('onClick');
    await page.waitFor(() =>
      expect(page.find(LoadingButton, (node) => node.text === repair).props).toMatchObject({ loading: true, disabled: true }),
    );
    page.find(LoadingButton, (node) => node.text === repair).trigger('onClick');
    expect(page.find(PrimaryHeaderActionButton).props.disabled).toBe(true);
    expect(page.named('createPlan')).toHaveLength(1);
    plan.resolve({ id: '7' });
    await page.shows('Upload one file.');
  });

  test('the plan says what will happen and what it costs before anything can be approved, and the question says it again', async () => {
    const page = await toPlan();
    for (const text of ['Wait a day.', '37 license emails change.', 'Approve it before tomorrow.']) await page.shows(text);
    const modal = page.button(words.approve!).props.overlay as unknown as RenderedRootNode;
    expect(textOf(modal)).toContain('37 emails change.');
    expect(textOf(modal)).toContain('Upload one file.');
    expect(page.named('approve')).toEqual([]);
  });

  test('approving sends the seal that was read, once, closes the question and shows the progress', async () => {
    const approval = held<void>();
    let approved = false;
    const page = await toPlan({ approve: () => approval.promise, plan: async () => (approved ? running() : examplePlan()) });
    const confirm = () => confirmOf(page.button(words.approve!));
    confirm().trigger('onClick');
    confirm().trigger('onClick');
    await page.waitFor(() => expect(confirm().props).toMatchObject({ loading: true, disabled: true }));
    confirm().trigger('onClick');
    expect(page.named('approve')).toEqual([['approve', '7', 'abc', expect.stringMatching(/^[\da-f-]{36}$/u)]]);
    approved = true;
    approval.resolve();
    await page.shows('12 of 37');
    expect(page.closed).toEqual(['approve']);
    expect(page.find(StatusTag, (node) => node.text === 'Repaired: 12').props.variant).toBe('success');
  });

  test('when no answer came to an approval, the next try is the same request', async () => {
    const tries: (() => Promise<void>)[] = [() => Promise.reject(new Error('timeout')), async () => {}];
    const page = await toPlan({ approve: () => tries.shift()!() });
    confirmOf(page.button(words.approve!)).trigger('onClick');
    await page.shows('Seatmatch does not answer.');
    confirmOf(page.button(words.approve!)).trigger('onClick');
    await page.waitFor(() => expect(page.named('approve')).toHaveLength(2));
    const [first, second] = page.named('approve');
    expect(keyOf(second)).toBe(keyOf(first));
  });

  test('so is the next try after “it is being carried out at this moment”, which HubSpot’s own repeat can bring', async () => {
    const busy = refused('refused', 'The same request is being carried out at this moment.', 'Ask again in a second.');
    const tries: (() => Promise<void>)[] = [() => Promise.reject(busy), async () => {}];
    const page = await toPlan({ approve: () => tries.shift()!() });
    confirmOf(page.button(words.approve!)).trigger('onClick');
    await page.shows('Ask again in a second.');
    confirmOf(page.button(words.approve!)).trigger('onClick');
    await waitFor(() => expect(page.named('approve')).toHaveLength(2));
    const [first, second] = page.named('approve');
    expect(keyOf(second)).toBe(keyOf(first));
  });

  test('a refusal shows why, and the plan is read again: the next approval is another request with the new seal', async () => {
    let reads = 0;
    const approval = (seal: string) => ({ ...examplePlan().approval!, seal });
    const page = await toPlan({
      plan: async () => examplePlan({ approval: approval(`seal ${++reads}`) }),
      approve: () => Promise.reject(refused('refused', 'The lists changed.', 'Read the plan again.')),
    });
    confirmOf(page.button(words.approve!)).trigger('onClick');
    await page.shows('Read the plan again.');
    expect(page.find(Alert, { title: 'The lists changed.' }).props.variant).toBe('warning');
    expect(page.closed).toEqual(['approve']);
    await page.waitFor(() => expect(page.named('plan')).toHaveLength(2));
    await page.waitFor(() => expect(page.button(words.approve!).props.disabled).toBe(false));
    confirmOf(page.button(words.approve!)).trigger('onClick');
    await page.waitFor(() => expect(page.named('approve')).toHaveLength(2));
    const [first, second] = page.named('approve');
    expect(first?.[2]).toBe('seal 1');
    expect(second?.[2]).toBe('seal 2');
    expect(keyOf(second)).not.toBe(keyOf(first));
  });

  test('while something stops the plan it cannot be approved, and says what to do', async () => {
    const stops = [{ sentence: 'The export is 12 days old.', nextStep: 'Bring a new one.' }];
    const page = await toPlan({ plan: async () => examplePlan({ stops, approval: { ...examplePlan().approval!, possible: false } }) });
    await page.shows('The export is 12 days old. Bring a new one.');
    expect(page.find(Alert).props.title).toBe(words.stops);
    expect(page.button(words.approve!).props.disabled).toBe(true);
  });

  test('a plan under way is read again as the server says, to its end', async () => {
    const states = [
      running({ poll: 0.01 }),
      running({ poll: 0.01, stateWords: 'Still running' }),
      running({ state: 'done', stateWords: 'At its end' }),
    ];
    const page = await open({ plan: async () => states.shift()! });
    await page.shows('Repair 7');
    page.press('Repair 7');
    await page.shows('At its end');
    expect(page.named('plan')).toHaveLength(3);
  });

  test('who waits for a license stands in red above the plan', async () => {
    const giveBack = { sentence: '3 people have no license.', people: ['Anna Berg', 'Bo Cole', 'Cem Dinh'] };
    const page = await open({ plan: async () => running({ giveBack }) });
    await page.shows('Repair 7');
    page.press('Repair 7');
    await page.shows('Anna Berg, Bo Cole, Cem Dinh');
    expect(page.find(Alert, { title: giveBack.sentence }).props.variant).toBe('danger');
  });

  test('cancelling asks first, with the server’s sentence', async () => {
    const page = await toPlan();
    const modal = page.button('Cancel repair').props.overlay as unknown as RenderedRootNode;
    expect(textOf(modal)).toContain('Nothing has been changed yet.');
    confirmOf(page.button('Cancel repair')).trigger('onClick');
    await page.waitFor(() => expect(page.named('steer')).toEqual([['steer', '7', 'cancel', expect.any(String)]]));
  });

  test('further people of a plan come by the server’s pages', async () => {
    const page = await toPlan({
      planPeople: async () => ({ total: 37, rows: [{ ...examplePlan().people.rows[0]!, name: 'Zoe Last' }], next: null }),
    });
    page.press(words.next!);
    await page.shows('Zoe Last');
    expect(page.named('planPeople')).toEqual([['planPeople', '7', 'page-2']]);
  });

  test('to look again reads what is open, and what led there', async () => {
    const page = await toPlan();
    page.find(SecondaryHeaderActionButton).trigger('onClick');
    await waitFor(() => expect(page.named('plan')).toHaveLength(2));
    expect(page.named('panel')).toHaveLength(2);
  });

  test('comparing now is asked for once, and the overview is read again', async () => {
    const compare = vi.fn(async () => {});
    const page = await open({ compare });
    await page.shows('Acme · HubSpot');
    page.find(PrimaryHeaderActionButton).trigger('onClick');
    page.find(PrimaryHeaderActionButton).trigger('onClick');
    await page.waitFor(() => expect(page.named('panel')).toHaveLength(2));
    expect(compare).toHaveBeenCalledTimes(1);
  });
});
