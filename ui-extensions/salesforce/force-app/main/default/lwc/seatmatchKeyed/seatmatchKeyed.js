/** Rows with a `key` of their own for a template, where the server names none: the order is the server's and stays. Texts become {text}. */
export const keyed = (rows) =>
    rows.map((row, key) =>
        typeof row === 'string' ? { text: row, key } : { ...row, key }
    );
