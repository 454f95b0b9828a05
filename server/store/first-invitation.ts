import type { FirstInvitationFacts } from '../core/first-invitation.ts';
import { latestAddressQuestions } from './address-question.ts';
import { type Queryable, type Scope, storable } from './database.ts';

/** They are invited without an answer; null: they are not any more. */
export async function goOnWithout(
  db: Queryable,
  scope: Scope,
  crmUserIds: readonly string[],
  decision: { readonly reason: string; readonly author: string; readonly at: string } | null,
): Promise<void> {
  if (decision === null)
    await db.query('delete from first_invitation_go_on where workspace_id = $1 and contract_id = $2 and crm_user_id = any($3)', [
      scope.workspaceId,
      scope.contractId,
      crmUserIds,
    ]);
  else
    await db.query(
      `insert into first_invitation_go_on (workspace_id, contract_id, crm_user_id, reason, author, at)
       select $1, $2, unnest($3::text[]), $4, $5, $6
       on conflict (workspace_id, contract_id, crm_user_id) do update set reason = excluded.reason, author = excluded.author, at = excluded.at`,
      [scope.workspaceId, scope.contractId, crmUserIds, storable(decision.reason), decision.author, decision.at],
    );
}

/** What each of these CRM users was asked and answered, and who is invited without an answer. */
export async function firstInvitationsOf(
  db: Queryable,
  scope: Scope,
  crmUserIds: readonly string[],
): Promise<(crmUserId: string) => FirstInvitationFacts> {
  const [questions, { rows }] = await Promise.all([
    latestAddressQuestions(db, scope, crmUserIds),
    db.query<{ crm_user_id: string; reason: string; author: string }>(
      'select crm_user_id, reason, author from first_invitation_go_on where workspace_id = $1 and contract_id = $2 and crm_user_id = any($3)',
      [scope.workspaceId, scope.contractId, crmUserIds],
    ),
  ]);
  const goOn = new Map(rows.map(({ crm_user_id, reason, author }) => [crm_user_id, { reason, author }]));
  return (crmUserId) => ({ question: questions.get(crmUserId) ?? null, goOn: goOn.get(crmUserId) ?? null });
}
