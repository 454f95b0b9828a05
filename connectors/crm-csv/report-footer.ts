/**
 * A Salesforce report export ends with a blank line, the report's name, a copyright line, a confidentiality line, who made it and the company.
 * Given the end of the file, says how many bytes that is. null when there is no such footer.
 */
export function reportFooter(tail: string): { bytes: number; warning: string } | null {
  const copyright = tail.search(/copyright[^\r\n]{0,60}salesforce/i);
  if (copyright < 0) return null;
  const starts = [...tail.matchAll(/\r\n|\n|\r/g)]
    .map((lineBreak) => lineBreak.index + lineBreak[0].length)
    .filter((start) => start <= copyright);
  let blank = starts.findLastIndex((start) => isBlank(tail, start));
  if (blank < 0 || starts.length - blank > 6) return null;
  while (blank > 0 && isBlank(tail, starts[blank - 1]!)) blank -= 1;
  const cut = tail.slice(starts[blank]);
  const lines = cut.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '').length;
  return { bytes: cut.length, warning: `The last ${lines} lines are the footer of a Salesforce report and were left out.` };
}

function isBlank(text: string, start: number): boolean {
  return /^[\s,;]*?(?:\r|\n|$)/.test(text.slice(start));
}
