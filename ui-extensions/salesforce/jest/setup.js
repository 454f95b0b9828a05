/* Before each test file: the org's Apex methods as functions that a test gives answers to; after each test: nothing may have been complained of. */
const { readFileSync } = require('node:fs');

const service = readFileSync(
    'force-app/main/default/lwc/seatmatchService/seatmatchService.js',
    'utf8'
);

/** By method: what the components' calls of Apex reach. */
globalThis.apex = {};
for (const [, method] of service.matchAll(
    /@salesforce\/apex\/SeatmatchController\.(\w+)/gu
)) {
    globalThis.apex[method] = jest.fn();
    jest.doMock(
        `@salesforce/apex/SeatmatchController.${method}`,
        () => ({ __esModule: true, default: globalThis.apex[method] }),
        { virtual: true }
    );
}

/* Its reader of styles is older than container queries; browsers read them in the walks. */
const ofJsdom = /Could not parse CSS stylesheet/u;

let complaints;
beforeEach(() => {
    complaints = [];
    for (const level of ['error', 'warn'])
        jest.spyOn(console, level).mockImplementation((...words) => {
            const said = words.join(' ');
            if (!ofJsdom.test(said)) complaints.push(said);
        });
});

afterEach(() => {
    document.body.replaceChildren();
    jest.useRealTimers();
    jest.restoreAllMocks();
    for (const method of Object.values(globalThis.apex)) method.mockReset();
    expect(complaints).toEqual([]);
});
