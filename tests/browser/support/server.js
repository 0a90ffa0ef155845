// Starts `juanzong serve --sample` on a free port with a data folder of its own, and ends it after the last spec.
// What the sample printed into `sample.env` and the address are in `process.env` for the specs (see sample.js).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 180_000;

export default async function startServer() {
  const binary = process.env.JUANZONG_BIN;
  if (!binary) throw new Error('JUANZONG_BIN is not set; run scripts/browser-tests.sh');
  const folder = mkdtempSync(join(tmpdir(), 'juanzong-browser-'));
  const data = join(folder, 'data');
  const server = spawn(binary, ['--lang', 'en', 'serve', '--listen', '127.0.0.1:0', '--data', data, '--sample'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let log = '';
  server.stderr.on('data', (bytes) => { log += bytes; });
  try {
    process.env.JUANZONG_URL = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no address after ${START_MS} ms: ${said}`)), START_MS);
      server.stdout.on('data', (bytes) => {
        said += bytes;
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (address) { clearTimeout(late); resolve(address[0]); }
      });
      server.on('error', reject);
      server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${log.slice(-2000)}`)));
    });
  } catch (error) {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  for (const line of readFileSync(join(data, 'sample.env'), 'utf8').split('\n')) {
    const [name, value] = line.split(/=(.*)/s);
    if (name) process.env[name] = value;
  }
  return async () => {
    server.removeAllListeners('exit');
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.kill('SIGTERM');
    await ended;
    if (process.env.JUANZONG_LOG_FILE) writeFileSync(process.env.JUANZONG_LOG_FILE, log);
    rmSync(folder, { recursive: true, force: true });
    // A panic is a fault whatever the pages looked like.
    if (/panicked at/.test(log)) throw new Error(`the server panicked:\n${log.slice(-4000)}`);
  };
}
