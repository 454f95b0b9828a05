import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../server/config.ts';

describe('the environment', () => {
  test('may be empty: the demo on port 3000 with the embedded database', () => {
    expect(readConfig({})).toEqual({ port: 3000, dataDir: '.seatmatch', database: null, demo: true, largestUploadBytes: 1_000_000_000 });
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  test('names a PostgreSQL of one’s own, whose owner may be another role', () => {
    const appUrl = 'postgres://app@db.example/seatmatch';
    const ownerUrl = 'postgres://owner@db.example/seatmatch';
    expect(readConfig({ DATABASE_URL: appUrl }).database).toEqual({ appUrl, ownerUrl: appUrl });
    expect(readConfig({ DATABASE_URL: appUrl, SEATMATCH_OWNER_DATABASE_URL: ownerUrl }).database).toEqual({ appUrl, ownerUrl });
  });

  test('reports all its faults at once', () => {
    const read = () => readConfig({ PORT: '70000', SEATMATCH_DEMO: 'maybe', DATABASE_URL: 'mysql://x', SEATMATCH_UPLOAD_MB: '-1' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      /^PORT must be between 0 and 65535\.\nDATABASE_URL is not .*\nSEATMATCH_DEMO is neither 1 nor 0\.\nSEATMATCH_UPLOAD_MB is not a whole number\.$/u,
    );
  });
});
