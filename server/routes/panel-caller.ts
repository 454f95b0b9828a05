import type { Request } from 'express';
import type { PanelRole } from '../store/panel-token.ts';
import type { Actor } from '../store/session.ts';

export type PanelHost = 'salesforce' | 'hubspot';

/** Somebody in a CRM's panel, as the CRM vouches for them. */
export interface PanelCaller {
  readonly host: PanelHost;
  readonly contractId: string;
  /** The CRM's word for who it is: for the audit log and for what a person reads, never for a right. */
  readonly actor: Actor;
  /** Of the CRM. */
  readonly userId: string;
  /** Org or portal. */
  readonly originId: string;
  readonly role: PanelRole;
  /** HubSpot user of an owner's id; null where nobody is known by it. Null: this CRM's records name users themselves. */
  readonly userOfOwner: ((ownerId: string) => Promise<string | null>) | null;
  /** The address that the CRM has for a user now; null where it does not tell. Null: this CRM's records say it themselves. */
  readonly emailOfUser: ((userId: string) => Promise<string | null>) | null;
  /** Already read, since its signature covers it; null: still to be read. */
  readonly body: { readonly value: unknown } | null;
}

const address = /^\/panels\/(salesforce|hubspot)\/api\/(.*)$/su;

/** The part of the address of a panel's request that follows /panels/HOST/api/, and which host that is; null: no panel asks. */
export function panelAddressOf(request: Pick<Request, 'originalUrl'>): { readonly host: PanelHost; readonly rest: string } | null {
  const found = address.exec(request.originalUrl);
  return found ? { host: found[1] as PanelHost, rest: found[2]! } : null;
}

const callers = new WeakMap<Request, PanelCaller>();

export const letIn = (request: Request, caller: PanelCaller): void => void callers.set(request, caller);

/** Who asks through a CRM's panel; null: the request comes from somewhere else. */
export const panelCallerOf = (request: Request): PanelCaller | null => callers.get(request) ?? null;
