/** Everything that leaves the panel. The only module that knows Apex: answers arrive here as JSON text and leave as objects, failures as {kind, title, detail}. */
import apexGetPanel from '@salesforce/apex/SeatmatchController.getPanel';
import apexGetPeople from '@salesforce/apex/SeatmatchController.getPeople';
import apexGetPerson from '@salesforce/apex/SeatmatchController.getPerson';
import apexGetRecord from '@salesforce/apex/SeatmatchController.getRecord';
import apexGetPlan from '@salesforce/apex/SeatmatchController.getPlan';
import apexGetPlanPeople from '@salesforce/apex/SeatmatchController.getPlanPeople';
import apexCreatePlan from '@salesforce/apex/SeatmatchController.createPlan';
import apexApprovePlan from '@salesforce/apex/SeatmatchController.approvePlan';
import apexCancelPlan from '@salesforce/apex/SeatmatchController.cancelPlan';
import apexPausePlan from '@salesforce/apex/SeatmatchController.pausePlan';
import apexResumePlan from '@salesforce/apex/SeatmatchController.resumePlan';
import apexCompareNow from '@salesforce/apex/SeatmatchController.compareNow';

/** The only words of the panel's own: what is said before, or instead of, an answer of the server. */
export const ownWords = { loading: 'Loading', retry: 'Try again' };

const unanswered = {
    kind: 'unavailable',
    title: 'Seatmatch does not answer.',
    detail: 'Try again. If it lasts, ask your admin whether the Seatmatch server is up.'
};

function failureOf(error) {
    try {
        const { kind, title, detail } = JSON.parse(error.body.message);
        return kind && title
            ? { kind, title, detail: detail ?? '' }
            : unanswered;
    } catch {
        return unanswered;
    }
}

async function ask(method, params) {
    let text;
    try {
        text = await method(params);
    } catch (error) {
        throw failureOf(error);
    }
    try {
        return JSON.parse(text);
    } catch {
        throw unanswered;
    }
}

export const getPanel = () => ask(apexGetPanel);
export const getPeople = (filter) => ask(apexGetPeople, { filter });
export const getPerson = (key) => ask(apexGetPerson, { key });
export const getRecord = (userId) => ask(apexGetRecord, { userId });
export const getPlan = (planId) => ask(apexGetPlan, { planId });
export const getPlanPeople = (planId, cursor) =>
    ask(apexGetPlanPeople, { planId, cursor });

function newKey() {
    if (globalThis.crypto?.randomUUID) return crypto.randomUUID();
    // Browsers keep randomUUID from pages that came by plain HTTP.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] % 16) + 64;
    bytes[8] = (bytes[8] % 64) + 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
    return hex
        .join('')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

/**
 * An action that keeps its key until the server has answered: asked again after silence, it is still the same action and happens once.
 */
function once(method, paramsOf) {
    const keys = new Map();
    return async (...given) => {
        const what = JSON.stringify(given);
        if (!keys.has(what)) keys.set(what, newKey());
        try {
            const answer = await ask(method, {
                ...paramsOf(...given),
                idempotencyKey: keys.get(what)
            });
            keys.delete(what);
            return answer;
        } catch (failure) {
            if (failure.kind !== 'unavailable') keys.delete(what);
            throw failure;
        }
    };
}

/** @param choice {rootCause} | {licenseIds} | {all: true} */
export const createPlan = once(apexCreatePlan, (choice) => ({
    choiceJson: JSON.stringify(choice)
}));
export const approvePlan = once(apexApprovePlan, (planId, seal) => ({
    planId,
    seal
}));
export const cancelPlan = once(apexCancelPlan, (planId) => ({ planId }));
export const pausePlan = once(apexPausePlan, (planId) => ({ planId }));
export const resumePlan = once(apexResumePlan, (planId) => ({ planId }));
export const compareNow = once(apexCompareNow, () => ({}));
