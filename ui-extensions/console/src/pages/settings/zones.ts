export const hereZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** Time zones to choose from, the reader's own first. */
export const zones = [...new Set([hereZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];

export const isAddress = (value: string): boolean => /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/u.test(value);
