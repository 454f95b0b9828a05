import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { readConfig } from '../server/config.ts';

const service = z.object({
  image: z.string(),
  user: z.string().optional(),
  read_only: z.literal(true),
  tmpfs: z.array(z.string()),
  command: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  secrets: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }),
});
const compose = z
  .object({
    services: z.object({ serve: service, worker: service, postgres: service }),
    secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  })
  .parse(parse(await readFile('manifests/compose.yaml', 'utf8'), { merge: true }));
const { serve, worker, postgres } = compose.services;
const containerfile = await readFile('manifests/Containerfile', 'utf8');
const last = containerfile.slice(containerfile.lastIndexOf('\nFROM '));

describe('the compose file', () => {
  test('runs the same commands as package.json, without a shell', () => {
    expect(`exec ${serve.command?.join(' ')}`).toBe(manifest.scripts.start);
    expect(`exec ${worker.command?.join(' ')}`).toBe(manifest.scripts.worker);
    for (const { healthcheck } of Object.values(compose.services)) expect(healthcheck.test[0]).toBe('CMD');
  });

  test('gives server and workers nothing they do not need: no root, no rights, a file system they cannot write', () => {
    for (const each of [serve, worker]) {
      expect(each).toMatchObject({ user: 'node', cap_drop: ['ALL'], tmpfs: ['/tmp'], volumes: ['files:/data'] });
    }
    for (const each of Object.values(compose.services)) expect(each.security_opt).toEqual(['no-new-privileges:true']);
    expect(serve.ports).toEqual(['127.0.0.1:3000:3000']);
    expect(worker.ports).toBeUndefined();
    expect(postgres.ports).toBeUndefined();
  });

  test('hands every secret over as a file', () => {
    for (const { environment, secrets } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        expect(value, name).not.toMatch(/:\/\/[^/]*@/u);
        if (/PASSWORD|DATABASE_URL/u.test(name)) expect(secrets.map((secret) => `/run/secrets/${secret}`)).toContain(value);
      }
      for (const secret of secrets) expect(compose.secrets[secret]?.file).toBe(`./secrets/${secret}`);
    }
  });

  test('passes on to workers whatever it passes on to the server, so that mail and delivery are the same in both', () => {
    const passedOn = ({ environment }: typeof serve) =>
      Object.entries(environment).filter(([name, value]) => /^SEATMATCH_(PUBLIC|SMTP|DELIVERY)/u.test(name) && value !== '');
    expect(passedOn(worker)).toEqual(passedOn(serve));
    expect(passedOn(serve).map(([name]) => name)).toEqual(
      expect.arrayContaining(['SEATMATCH_PUBLIC_URL', 'SEATMATCH_SMTP_HOST', 'SEATMATCH_DELIVERY_URL', 'SEATMATCH_DELIVERY_TOKEN_FILE']),
    );
  });

  test('sets only what the program knows', async () => {
    const known = await readFile('server/config.ts', 'utf8');
    for (const name of [...Object.keys(serve.environment), ...Object.keys(worker.environment)]) {
      expect(known).toContain(name.replace(/_FILE$/u, ''));
    }
    expect(serve.environment).toMatchObject({
      DATABASE_URL_FILE: expect.any(String),
      SEATMATCH_OWNER_DATABASE_URL_FILE: expect.any(String),
    });
    const isPlain = ([name, value]: [string, string]): boolean => !name.endsWith('_FILE') && !value.startsWith('${');
    const plain = Object.fromEntries(Object.entries(serve.environment).filter(isPlain));
    expect(readConfig(plain)).toMatchObject({ host: '0.0.0.0', port: 3000, dataDir: '/data', demo: false });
  });
});

describe('the container file', () => {
  test('takes Node 24 by name, ends without root, and starts the program itself', () => {
    const images = [...containerfile.matchAll(/^FROM (\S+)/gmu)].map(([, image]) => image);
    for (const image of images) expect(image).toMatch(/^node:24[\w.-]*$/u);
    expect(postgres.image).toBe('postgres:18');
    expect([...last.matchAll(/^USER (\S+)/gmu)].map(([, user]) => user)).toEqual(['node']);
    const command: unknown = JSON.parse(/^CMD (.*)$/mu.exec(last)![1]!);
    expect(command).toEqual(serve.command);
    for (const [, run] of containerfile.matchAll(/^(?:RUN|CMD) (.*)$/gmu)) expect(run).toMatch(/^\[/u);
  });

  test('leaves data and secrets of the machine outside', async () => {
    const ignored = (await readFile('manifests/Containerfile.dockerignore', 'utf8')).split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.seatmatch', 'manifests/secrets', '**/node_modules', '.git']));
    expect((await readFile('.gitignore', 'utf8')).split('\n')).toContain('manifests/secrets/');
  });
});
