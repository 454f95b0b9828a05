// Runs before the first paint. A file of its own because the page's security policy forbids inline scripts.
try {
  const stored = localStorage.getItem('mantine-color-scheme-value');
  const scheme = stored === 'light' || stored === 'dark' ? stored : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
} catch {
  document.documentElement.setAttribute('data-mantine-color-scheme', 'light');
}
