/** Hands a file to the person. It is made in the page, so nothing is fetched. */
export function download(name: string, content: Blob | string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type: 'text/csv' }) : content;
  const href = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href, download: name });
  link.click();
  // The browser has taken the content when the click is over, but not in every version; a minute is enough everywhere.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
