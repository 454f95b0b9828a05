import type { Request } from 'express';
import { RequestRefused } from './problem.ts';

/** The whole body of a request that is a file. Refused when it is larger than `largestBytes`, or a form. */
export async function readBody(request: Request, largestBytes: number): Promise<Buffer> {
  if (request.is('multipart/form-data'))
    throw new RequestRefused(415, 'Send the file itself as the body (application/octet-stream), not as a form.');
  const tooLarge = new RequestRefused(413, `The file is larger than ${Math.round(largestBytes / 1e6)} MB.`);
  if (Number(request.headers['content-length'] ?? 0) > largestBytes) throw tooLarge;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > largestBytes) throw tooLarge;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
