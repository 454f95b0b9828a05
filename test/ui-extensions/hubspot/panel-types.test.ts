import { expect, test } from 'vitest';
import type * as server from '../../../server/api.ts';
import type * as panel from '../../../ui-extensions/hubspot/src/panel/panel-types.ts';

/** True where both take the same values; the type check refuses anything else. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

test('the panel reads what the server answers: a type of its own for each, since HubSpot is given nothing of the server', () => {
  const same: {
    overview: Same<server.Panel, panel.Panel>;
    people: Same<server.PanelPeople, panel.PanelPeople>;
    person: Same<server.PanelPersonDetail, panel.PanelPersonDetail>;
    record: Same<server.PanelRecord, panel.PanelRecord>;
    plan: Same<server.PanelPlan, panel.PanelPlan>;
    planPeople: Same<server.PanelPlanPeople, panel.PanelPlanPeople>;
    limits: Same<server.Limits, panel.Limits>;
    settings: server.Settings extends panel.Settings ? true : never;
    schedules: server.Schedules extends panel.Schedules ? true : never;
  } = {
    overview: true,
    people: true,
    person: true,
    record: true,
    plan: true,
    planPeople: true,
    limits: true,
    settings: true,
    schedules: true,
  };
  expect(Object.values(same).every(Boolean)).toBe(true);
});
