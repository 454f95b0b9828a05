import { describe, expect, it } from 'vitest';
import { groupsAndTeams } from '../../../server/core/group-teams.ts';

describe('LinkedIn’s groups beside the CRM’s teams', () => {
  const found = groupsAndTeams(
    [
      { groups: ['EMEA Sales'], team: 'emea sales', count: 8 },
      { groups: ['EMEA Sales', 'Pilot'], team: 'EMEA Sales', count: 2 },
      { groups: ['EMEA Sales'], team: 'US Sales', count: 3 },
      { groups: ['US Sales'], team: 'US Sales', count: 1 },
      { groups: [], team: 'US Sales', count: 4 },
      { groups: [], team: 'Partners', count: 5 },
      { groups: ['US Sales'], team: '', count: 6 },
    ],
    'Salesforce',
  );

  it('say who of a group is in the team of its name', () => {
    expect(found.groups.map(({ name, people, sentence }) => [name, people, sentence])).toEqual([
      ['EMEA Sales', 13, '10 of 13 are in the team emea sales in Salesforce, 3 in another.'],
      ['US Sales', 7, 'All 1 whose team is known are in the team US Sales in Salesforce. Salesforce tells no team of the other 6.'],
      ['Pilot', 2, 'No team in Salesforce is named like this group.'],
    ]);
    expect(found.groups[0]!.teams).toEqual([
      { team: 'emea sales', count: 10 },
      { team: 'US Sales', count: 3 },
    ]);
  });

  it('say who is in another group than their team, in none, and which team has no group', () => {
    expect(found).toMatchObject({ withoutGroup: 9, elsewhere: 7, teamsWithoutGroup: [{ team: 'Partners', count: 5 }] });
  });
});
