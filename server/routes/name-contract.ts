import type { Request, RequestHandler } from 'express';

const asked = new WeakMap<Request, string>();

/** The contract that a request's address names; null: none, so that the default one is meant. */
export const contractOf = (request: Request): string | null => asked.get(request) ?? null;

/** Takes the contract out of an address: /api/contracts/ID/people is /api/people of that contract. */
export const nameContract: RequestHandler = (request, _response, next) => {
  const found = /^\/api\/contracts\/([^/?]+)\/(.*)$/su.exec(request.url);
  if (found) {
    asked.set(request, found[1]!);
    request.url = `/api/${found[2]}`;
  }
  next();
};
