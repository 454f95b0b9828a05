/**
 * The same random cases in every run, so that a change is what turns a test red. Whoever looks for faults takes others:
 * `SEATMATCH_SEED=random npm test`, or a number.
 */
import fc from 'fast-check';

const { SEATMATCH_SEED: asked = '20261125' } = process.env;
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });
