/** How many license holders have exactly these groups and this team. */
export interface GroupCount {
  readonly groups: readonly string[];
  /** '' where the CRM has none, or nobody knows the owner. */
  readonly team: string;
  readonly count: number;
}

export interface GroupRow {
  readonly name: string;
  readonly people: number;
  /** The CRM's teams of the group's people, biggest first. */
  readonly teams: readonly { readonly team: string; readonly count: number }[];
  readonly sentence: string;
}

export interface GroupsAndTeams {
  readonly groups: readonly GroupRow[];
  readonly withoutGroup: number;
  /** Teams of the CRM that no group of LinkedIn is named after, biggest first. */
  readonly teamsWithoutGroup: readonly { readonly team: string; readonly count: number }[];
  /** People whose team has a group in LinkedIn, and who are not in it. */
  readonly elsewhere: number;
}

/** Whether a group is named after a team. */
export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b);
const nameKey = (name: string): string => name.trim().toLowerCase();

/** LinkedIn's groups beside the CRM's teams. Only shown: writing one group would overwrite all of a person's (LinkedIn help a7762565). */
export function groupsAndTeams(counts: readonly GroupCount[], crmName: string): GroupsAndTeams {
  const names = new Map<string, string>();
  for (const { groups } of counts) for (const group of groups) if (!names.has(nameKey(group))) names.set(nameKey(group), group);
  const groups = [...names.values()]
    .map((name): GroupRow => {
      const inIt = counts.filter((count) => count.groups.some((group) => sameName(group, name)));
      const teams = sumByTeam(inIt);
      const people = inIt.reduce((sum, { count }) => sum + count, 0);
      return { name, people, teams, sentence: sentenceOf(name, people, teams, crmName) };
    })
    .toSorted((a, b) => b.people - a.people || (a.name < b.name ? -1 : 1));
  const ofTeam = counts.filter(({ team }) => team !== '');
  return {
    groups,
    withoutGroup: counts.filter((count) => count.groups.length === 0).reduce((sum, { count }) => sum + count, 0),
    teamsWithoutGroup: sumByTeam(ofTeam.filter(({ team }) => !names.has(nameKey(team)))),
    elsewhere: ofTeam
      .filter((count) => names.has(nameKey(count.team)) && !count.groups.some((group) => sameName(group, count.team)))
      .reduce((sum, { count }) => sum + count, 0),
  };
}

function sumByTeam(counts: readonly GroupCount[]): GroupRow['teams'] {
  const sums = new Map<string, { team: string; count: number }>();
  for (const { team, count } of counts) {
    if (team === '') continue;
    const sum = sums.get(nameKey(team)) ?? { team, count: 0 };
    sums.set(nameKey(team), { ...sum, count: sum.count + count });
  }
  return [...sums.values()].toSorted((a, b) => b.count - a.count || (a.team < b.team ? -1 : 1));
}

function sentenceOf(name: string, people: number, teams: GroupRow['teams'], crmName: string): string {
  const known = teams.reduce((sum, { count }) => sum + count, 0);
  const unknown = people - known === 0 ? '' : ` ${crmName} tells no team of the other ${people - known}.`;
  const own = teams.find(({ team }) => sameName(team, name));
  if (known === 0) return `${crmName} tells no team of these people.`;
  if (own === undefined) return `No team in ${crmName} is named like this group.${unknown}`;
  const others = known - own.count;
  const all = known === people ? 'All of them are' : `All ${known} whose team is known are`;
  if (others === 0) return `${all} in the team ${own.team} in ${crmName}.${unknown}`;
  return `${own.count} of ${known} are in the team ${own.team} in ${crmName}, ${others} in another.${unknown}`;
}
