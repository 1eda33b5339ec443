import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator';
import { freshPlace, type Place } from '../support/product';

jest.setTimeout(120_000);

/** `npm run play` on a machine where nothing else runs, as its script in package.json starts it. */
function play(place: Place, ...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const environment = { ...process.env, ...place.environment, SIMULATOR_SPEED: '6000', TZ: 'UTC' };
  const child = spawn(process.execPath, [join('dist', 'start-play.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}

test('on a fresh machine everything that is needed is started, used, kept for the next time, and ended', async () => {
  const place = await freshPlace();
  const list = await play(place);
  expect(list.said).toMatch(/Runbooks[\s\S]*restore-database/);
  expect(list.code).toBe(0);

  const asked = await play(place, 'restore db to 30 minutes ago', '--as', 'Alex');
  expect(asked.said).toMatch(/enter the code \w{9}[\s\S]*simulated: Alex Wilber has entered it/);
  expect(asked.said).toMatch(/You are Alex Wilber \(responder\), by your Azure sign-in/);
  expect(asked.code).toBe(3);

  const open = await play(place);
  expect(open.said).toMatch(/Under way[\s\S]*inc1 .*Restore[\s\S]*npm run play inc1/);

  const approved = await play(place, 'inc1', '--approve', '--as=Megan');
  expect(approved.said).toMatch(/Alex Wilber \(terminal\): Asked[\s\S]*REPORT: Done/);
  expect(approved.code).toBe(0);
  expect(existsSync(join(place.dataDir, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false);
});

test('the simulator that runs already is used, and left running', async () => {
  const place = await freshPlace();
  const { SIMULATOR_PROXY_PORT: proxy, SIMULATOR_CONTROL_PORT: control } = place.environment;
  const simulator = await startSimulator({
    proxyPort: Number(proxy),
    controlPort: Number(control),
    speed: 6_000,
  });
  try {
    const asked = await play(place, 'restore db to 30 minutes ago', '--as', 'Alex');
    expect(asked.code).toBe(3);
    expect(simulator.journal().some(({ url }) => url.includes('/databases/AppRequestPortal'))).toBe(true);
  } finally {
    await simulator.close();
  }
});

test('nobody of that name is said in words, with those that there are', async () => {
  const { said, code } = await play(await freshPlace(), 'inc1', '--as', 'Nobody');
  expect(said).toMatch(/Nobody in the tenant is called "Nobody"\. There are: Alex Wilber/);
  expect(code).not.toBe(0);
});
