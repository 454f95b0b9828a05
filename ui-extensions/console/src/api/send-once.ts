/** Keys of requests whose answer has not come yet: whoever asks the same again uses the same key, so that nothing is done twice. */
const unanswered = new Map<string, string>();

const pauses = [500, 2_000];

/**
 * Sends a request that must not be done twice. Where no answer comes, where the server starts, or where the first one is still being carried
 * out, it is sent again with the same key; later calls with the same `signature` too, until one is answered.
 */
export async function sendOnce(signature: string, send: (key: string) => Promise<Response>, pausesMs = pauses): Promise<Response> {
  const key = unanswered.get(signature) ?? crypto.randomUUID();
  unanswered.set(signature, key);
  for (const pause of pausesMs) {
    const response = await send(key).catch(() => null);
    if (response && !isPassing(response)) {
      unanswered.delete(signature);
      return response;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  const response = await send(key);
  if (!isPassing(response)) unanswered.delete(signature);
  return response;
}

const isPassing = ({ status, headers }: Response) => status === 503 || (status === 409 && headers.has('retry-after'));
