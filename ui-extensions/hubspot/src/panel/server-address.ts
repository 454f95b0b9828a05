/** Where the server is, as SEATMATCH_PUBLIC_URL names it. `build-project.mjs` puts the real one here and into app-hsmeta.json. */
export const serverAddress = 'https://seatmatch.example.com';
