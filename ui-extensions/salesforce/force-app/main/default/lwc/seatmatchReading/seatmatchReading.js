/**
 * Keeps what a view shows current: reads, and reads again when the answer's `poll` says so. An older answer never replaces a newer one, and
 * what was shown stays while a later reading is under way or fails.
 * @param read () => Promise of the answer
 * @param show ({data, error, isLoading}) => void
 * @returns {load, stop}
 */
export function keepReading(read, show) {
    let data;
    let turn = 0;
    let timer;

    function later(seconds) {
        if (!seconds) return;
        // A later look is what this function is for; stop() ends it.
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        timer = setTimeout(() => {
            // Nobody looks: the org's limits are not spent on it.
            if (document.hidden) later(seconds);
            else load({ quietly: true });
        }, seconds * 1000);
    }

    async function load({ quietly = false } = {}) {
        turn += 1;
        const mine = turn;
        clearTimeout(timer);
        if (!quietly) show({ data, error: undefined, isLoading: true });
        let error;
        try {
            const answer = await read();
            if (mine !== turn) return;
            data = answer;
        } catch (failure) {
            if (mine !== turn) return;
            error = failure;
        }
        show({ data, error, isLoading: false });
        if (!error || error.kind === 'unavailable') later(data?.poll);
    }

    function stop() {
        turn += 1;
        clearTimeout(timer);
    }

    return { load, stop };
}
