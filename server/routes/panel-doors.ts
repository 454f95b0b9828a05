import type { Request, RequestHandler } from 'express';
import { letIn, type PanelCaller, type PanelHost, panelAddressOf } from './panel-caller.ts';

/** Who asks: throws RequestRefused where the CRM's credential is not good. @param rest of the address, after /panels/HOST/api/ */
export type PanelDoor = (request: Request) => Promise<{ readonly caller: PanelCaller; readonly rest: string }>;

/**
 * Lets CRMs' panels in: /panels/salesforce/api/panel is /api/panel of the contract that the request's credential belongs to. Which contract
 * that is no address says, so that what is put into one leads to none.
 */
export function panelDoors(doors: Readonly<Record<PanelHost, PanelDoor>>): RequestHandler {
  return async (request, _response, next) => {
    const asked = panelAddressOf(request);
    if (!asked) return next();
    // A session of the console counts for nothing here.
    delete request.headers.cookie;
    const { caller, rest } = await doors[asked.host](request);
    letIn(request, caller);
    request.url = `/api/contracts/${caller.contractId}/${rest}`;
    next();
  };
}
