/** Rows with a `key` of their own for a template, where the server names none: the order is the server's and stays. Texts become {text}. */
export function keyed(rows) {
    return rows.map((row, key) => {
        const fields = typeof row === 'string' ? { text: row } : row;
        return { ...fields, key };
    });
}
