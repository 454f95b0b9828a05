/* What the tests of components share: an element in the page, the turns after which it shows what it was given, and looking through shadows. */
const { createElement } = require('lwc');

/** Puts a component into the page with these properties. */
export function show(Component, properties = {}) {
    const element = createElement('c-shown', { is: Component });
    Object.assign(element, properties);
    document.body.appendChild(element);
    return element;
}

/** Waits until answers that are there already were shown. */
export async function settled() {
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

/** All that fit, looked for through the shadows of the components in it too. */
export function findAll(root, selector) {
    const inside = root.shadowRoot ?? root;
    const here = [...inside.querySelectorAll(selector)];
    const deeper = [...inside.querySelectorAll('*')]
        .filter((child) => child.shadowRoot)
        .flatMap((child) => findAll(child, selector));
    return [...here, ...deeper];
}

export const find = (root, selector) => findAll(root, selector)[0] ?? null;

/** Everything that can be read in it. Base components are stand-ins here, which keep their words as properties. */
export function textOf(root) {
    if (root.nodeType === Node.TEXT_NODE) return root.textContent;
    const words = /^LIGHTNING-/u.test(root.tagName ?? '')
        ? [root.label, root.title, root.alternativeText]
        : [];
    const own = root.shadowRoot ? [...root.shadowRoot.childNodes] : [];
    return [
        ...words.filter((word) => typeof word === 'string'),
        ...[...own, ...root.childNodes].map(textOf)
    ]
        .join(' ')
        .replace(/\s+/gu, ' ');
}

/** Presses the button with these words. */
export function press(root, label) {
    const button = findAll(root, 'lightning-button, button').find(
        (one) => (one.label ?? one.textContent).trim() === label
    );
    if (!button) throw new Error(`No button ${label} in: ${textOf(root)}`);
    if (button.disabled) throw new Error(`The button ${label} is off.`);
    button.click();
}

/** Apex answers with this object, as JSON. */
export const answers = (answer) => () =>
    Promise.resolve(JSON.stringify(answer));

/** Apex throws an AuraHandledException with this message: {kind, title, detail} as JSON, or any text. */
export const throws = (told) => () =>
    Promise.reject({
        body: {
            message: typeof told === 'string' ? told : JSON.stringify(told)
        },
        status: 500
    });
