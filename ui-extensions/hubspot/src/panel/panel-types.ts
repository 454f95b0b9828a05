/** What the server answers (`/api/panel…`), as the panel reads it. A test of the root holds these equal to the server's own types. */

export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'neutral';
export type Target = { view: 'people'; filter: Record<string, string> } | { view: 'person'; key: string } | { view: 'plan'; id: string };
export type Words = Record<string, string>;

interface Share {
  value: number;
  of: number;
}
interface Toned {
  sentence: string;
  tone: Tone;
}
export interface Repair<Choice> {
  button: string;
  choice: Choice;
}

export interface Viewer {
  name: string;
  canAct: boolean;
  sentence: string | null;
}

export interface Panel {
  now: string;
  viewer: Viewer;
  title: string;
  state: 'empty' | 'working' | 'ready';
  message: { heading: string; sentence: string } | null;
  banners: Toned[];
  alarms: (Toned & { id: string; label: string; target: Target | null })[];
  headline: { label: string; value: string; of: string; percent: number; sentence: string } | null;
  trend: (Share & { at: string; label: string })[];
  trendSentence: string | null;
  numbers: { id: string; label: string; value: number; tone: Tone; target: Target | null }[];
  reasons: { id: string; label: string; count: number; tone: Tone; target: Target | null }[];
  toDo: { id: string; actor: string; sentence: string; count: number; target: Target | null }[];
  fileTasks: (Toned & { id: string; title: string; progress: Share; target: Target | null })[];
  causes: { id: string; sentence: string; count: number; repair: Repair<{ rootCause: string }> | null; target: Target | null }[];
  plans: (Toned & { id: string; title: string; state: string; progress: Share; target: Target | null })[];
  runs: (Toned & { label: string })[];
  freshness: Toned[];
  connections: (Toned & { id: string; name: string; budget: (Share & { sentence: string }) | null })[];
  poll: number | null;
  words: Words;
}

export interface PanelPerson {
  key: string;
  name: string;
  status: string;
  tone: Tone;
  reason: string;
  sentence: string;
  nextStep: string;
  actor: string;
  licenseEmail: string | null;
  crmEmail: string | null;
  since: string;
  repair: Repair<{ licenseIds: string[] }> | null;
}

export interface PanelPeople {
  rows: PanelPerson[];
  total: number;
  totalSentence: string;
  next: string | null;
  filters: {
    id: 'status' | 'reason' | 'actor' | 'change' | 'rootCause';
    label: string;
    options: { value: string; label: string; count: number | null }[];
  }[];
}

export interface PanelPersonDetail extends PanelPerson {
  also: string[];
  closedBy: string;
  emails: { label: string; runs: { text: string; differs: boolean; note: string | null }[] }[];
  owner: string | null;
  suggestions: { name: string; email: string; sentence: string }[];
  trace: { rule: string; outcome: string; tone: Tone; detail: string }[];
  timeline: (Toned & { when: string })[];
  repairs: { sentence: string; target: Target | null }[];
  warning: string | null;
}

export interface PanelRecord extends Toned {
  found: boolean;
  heading: string;
  person: PanelPersonDetail | null;
  warning: string | null;
  words: Words;
  viewer: Viewer;
}

export interface PanelPlanPerson extends Toned {
  key: string;
  name: string;
  before: string;
  after: string;
  state: string;
}

export interface PanelPlanPeople {
  total: number;
  rows: PanelPlanPerson[];
  next: string | null;
}

export interface PanelPlan {
  id: string;
  number: number;
  title: string;
  state: 'draft' | 'running' | 'paused' | 'done' | 'cancelled' | 'expired';
  stateWords: string;
  tone: Tone;
  price: string;
  steps: string[];
  facts: { label: string; value: string }[];
  stops: { sentence: string; nextStep: string }[];
  notes: string[];
  approval: { heading: string; sentence: string; button: string; seal: string; possible: boolean } | null;
  progress: Share & { sentence: string; counts: { label: string; count: number; tone: Tone }[] };
  tasks: (Toned & { id: string; title: string; state: string; isOpen: boolean; log: string[] })[];
  giveBack: { sentence: string; people: string[] } | null;
  next: string | null;
  people: PanelPlanPeople;
  leftOut: { name: string; sentence: string }[];
  actions: { id: 'cancel' | 'pause' | 'resume' | 'open'; label: string; confirm: string | null; href: string | null }[];
  poll: number | null;
}

/** Of `GET /api/schedules`, what the settings page shows. */
export interface Schedules {
  rows: { id: string; name: string; words: string; enabled: boolean }[];
}

/** Of `GET /api/settings`, what the settings page shows. */
export interface Limits {
  rowsPerFile: number;
  emailFileMaxAgeDays: number;
  staleAfterDays: number;
  oddRunPercent: number;
  oddRunPeople: number;
  sandboxPercent: number;
  crmJobHours: number;
  removalMaxAgeHours: number;
  answerDays: number;
  planHours: number;
  idleDays: number;
  invitationDays: number;
}
export interface Settings {
  limits: Limits;
}
