/** What `@salesforce/apex/…` is off the platform: the same call, answered by the bridge beside the page. Failures look as the platform's do. */
export const apex = (method) => async (params) => {
  const response = await fetch('/apex', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ method, params: params ?? {} }),
  });
  const { returned, thrown } = await response.json();
  if (thrown === undefined) return returned;
  throw { body: { message: thrown }, status: 500, statusText: 'Server Error' };
};
