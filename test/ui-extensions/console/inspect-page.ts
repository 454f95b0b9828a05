import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What a narrow window can break by hiding, folding or scrolling something. */
const rulesOfLayout = ['scrollable-region-focusable', 'aria-hidden-focus', 'button-name', 'link-name', 'label', 'region', 'heading-order'];

/**
 * What is wrong with the page as it stands there: accessibility rules it breaks in light, those of them that dark or a phone of 360
 * pixels can break as well, and what runs over the edge of a desk or of that phone. Empty: nothing. The window is as before afterwards.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  const desk = page.viewportSize()!;
  const faults = [...(await violations(page, {})), ...(await overTheEdge(page))];
  await show(page, 'dark');
  faults.push(...(await violations(page, { runOnly: ['color-contrast'] })).map((fault) => `dark: ${fault}`));
  await show(page, 'light');
  await page.setViewportSize({ width: 360, height: desk.height });
  await atRest(page);
  const narrow = [...(await violations(page, { runOnly: rulesOfLayout })), ...(await overTheEdge(page))];
  faults.push(...narrow.map((fault) => `on a phone: ${fault}`));
  await page.setViewportSize(desk);
  return faults;
}

/** Changes the colours, and waits until a page that chooses them by script has followed. */
async function show(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  const attribute = 'data-mantine-color-scheme';
  await page.locator(`html[${attribute}="${scheme}"], html:not([${attribute}])`).waitFor({ state: 'attached' });
  await atRest(page);
}

/** Waits until the page is painted and no colour is on its way to another one. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });
}

/** The accessibility rules that the page breaks as it is now. */
export async function violations(page: Page, options: axe.RunOptions = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  // Only what is reported is brought here, and only what a rule may need (a film or a sound) is loaded ahead.
  const all: axe.RunOptions = { ...options, resultTypes: ['violations'], selectors: false, preload: { assets: ['media'] } };
  const violations = (await page.evaluate(`axe.run(${JSON.stringify(all)}).then(({ violations }) => violations)`)) as axe.Result[];
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
}

/** What is wider than the window, in pixels. */
async function overTheEdge(page: Page): Promise<string[]> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return over > 0 ? [`runs ${over} px over the edge`] : [];
}
