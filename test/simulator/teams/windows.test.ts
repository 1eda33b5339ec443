import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CardFactory, MessageFactory, TurnContext } from 'botbuilder';
import { preloadFor } from '../../../src/simulator/teams/playground-preload';
import { openWindow } from '../../../src/simulator/teams/playground-window';
import { openPage } from './playground-client';
import { type BotAtWork, teamsWith } from './small-bot';

const question = (state: string, approver: boolean) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  refresh: { action: { type: 'Action.Execute', verb: 'look', data: {} }, userIds: ['user-id-1'] },
  body: [{ type: 'TextBlock', text: state }],
  actions: approver ? [{ type: 'Action.Execute', title: 'Approve', verb: 'approve', data: { run: 1 } }] : [],
});

test('two Playgrounds are two windows into one tenant: shared threads, own chats, own views of cards', async () => {
  let state = 'waiting';
  const { teams, received, adapter, close } = await teamsWith({
    onMessage: async (context) => {
      if (/restore/.test(context.activity.text)) {
        await context.sendActivity(
          MessageFactory.attachment(CardFactory.adaptiveCard(question(state, false))),
        );
      } else await context.sendActivity('hello');
    },
    onExecute: async (context, { verb }, { adapter: at }: BotAtWork) => {
      if (verb === 'approve') {
        state = `approved by ${context.activity.from.name}`;
        const card = MessageFactory.attachment(CardFactory.adaptiveCard(question(state, false)));
        const reference = TurnContext.getConversationReference(context.activity);
        const id = context.activity.replyToId ?? '';
        setImmediate(() => {
          at.continueConversationAsync('', reference, async (later) => {
            await later.updateActivity({ ...card, id });
          }).catch((error: unknown) => {
            throw error;
          });
        });
      }
      return question(state, context.activity.from.id === 'user-id-1' && state === 'waiting');
    },
  });
  const trouble: string[] = [];
  const report = (what: string) => trouble.push(what);
  const started = performance.now();
  const [alexWindow, meganWindow] = await Promise.all(
    ['alex', 'megan'].map((person) => openWindow({ teams, person, port: 0, report })),
  );
  if (alexWindow === undefined || meganWindow === undefined) throw new Error('no windows');
  const seconds = (performance.now() - started) / 1_000;
  const alex = await openPage(alexWindow.url, 'user-id-0');
  const megan = await openPage(meganWindow.url, 'user-id-1');
  try {
    await teams.waitFor(
      () => received.filter((activity) => activity.type === 'installationUpdate').length >= 4,
    );
    expect(
      received.filter((a) => a.conversation.conversationType === 'personal').map((a) => a.from.name),
    ).toContain('Megan Bowen');

    const { postConversationId = '' } = await alex.write('team-id', '@dr restore');
    const card = await teams.waitFor(() =>
      megan.messages().find((message) => message.attachments.length > 0),
    );
    const root = megan.messages().find((message) => message.text === '**Alex Wilber:** @dr restore');
    expect(root?.from.id).toBe('user-id-0');
    expect(megan.conversationOf(card.messageId)).toBe(root?.postConversationId);
    expect(card.attachments[0]?.content?.actions?.map(({ title }) => title)).toEqual(['Approve']);
    expect(card.attachments[0]?.content?.refresh).toBeUndefined();
    const shared = await teams.waitFor(() =>
      alex.messages().find((message) => message.attachments.length > 0),
    );
    expect(alex.conversationOf(shared.messageId)).toBe(postConversationId);
    expect(shared.attachments[0]?.content?.actions).toEqual([]);

    const answer = await megan.press(root?.postConversationId ?? '', card.messageId, 'approve', { run: 1 });
    expect(answer).toMatchObject({ value: { body: [{ text: 'approved by Megan Bowen' }], actions: [] } });
    const stateIn = (page: typeof alex) =>
      page.messages().find((message) => message.attachments.length > 0)?.attachments[0]?.content?.body?.[0]
        ?.text;
    await teams.waitFor(() => stateIn(alex) === 'approved by Megan Bowen');

    await megan.write('a:1user-id-1', 'anything for me?');
    await teams.waitFor(() => megan.messages().some((message) => message.text === 'hello'));
    await megan.write(root?.postConversationId ?? '', '@dr thanks');
    await teams.waitFor(() =>
      alex.messages().some((message) => message.text === '**Megan Bowen:** @dr thanks'),
    );
    await teams.waitFor(() => alex.messages().some((message) => message.text === 'hello'));
    expect(alex.messages().filter((message) => message.text === 'hello')).toHaveLength(1);

    const [thread = ''] = teams.threads();
    const said = teams.thread(thread).find((message) => message.text === 'hello');
    const reference = TurnContext.getConversationReference(
      received.find((a) => a.conversation.id === thread) ?? {},
    );
    await adapter.continueConversationAsync('', reference, async (context) => {
      await context.deleteActivity(said?.id ?? '');
    });
    await teams.waitFor(() => alex.messages().some((message) => message.text === '*(removed)*'));

    expect(received.filter((a) => a.type === 'message').map((a) => [a.from.name, a.text])).toEqual([
      ['Alex Wilber', '<at>dr</at> restore'],
      ['Megan Bowen', 'anything for me?'],
      ['Megan Bowen', '<at>dr</at> thanks'],
    ]);

    await megan.write('group-chat', '@dr help');
    await teams.waitFor(() =>
      megan.messages().some((message) => message.text?.includes('is not in this chat')),
    );

    // A page that is opened anew (a reload) is given what was said.
    megan.close();
    const again = await openPage(meganWindow.url, 'user-id-1');
    await teams.waitFor(() => again.messages().some((message) => message.text === '@dr thanks'));
    expect(again.messages().map((message) => message.text ?? '')).toEqual(
      expect.arrayContaining(['**Alex Wilber:** @dr restore', 'anything for me?', 'hello']),
    );
    again.close();
    expect(trouble).toEqual([]);
    expect(seconds).toBeLessThan(10);
  } finally {
    alex.close();
    megan.close();
    await Promise.all([alexWindow.close(), meganWindow.close()]);
    await close();
  }
});

test('a Playground ends when its parent is killed, and its port is open on this machine only', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parent-'));
  const preload = `data:text/javascript,${encodeURIComponent(preloadFor({ id: 'b', name: 'dr' }))}`;
  const cli = require.resolve('@microsoft/m365agentsplayground/cli.js');
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const child = require('child_process').fork(process.argv[1], ['--dt', '-p', '0'], {
         execArgv: ['--import=' + process.argv[2]], env: { TEAMSAPPTESTER_BROWSER: 'none' },
         stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
       child.stdout.on('data', (text) => console.log(child.pid, String(text)));`,
      cli,
      preload,
    ],
    { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const [, pid, port] = /^(\d+) Listening on (\d+)/.exec(said.toString()) ?? [];
    expect((await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).status).toBe(200);
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal);
    if (elsewhere !== undefined)
      await expect(fetch(`http://${elsewhere.address}:${port}/`)).rejects.toThrow();

    parent.kill('SIGKILL');
    const isRunning = () => {
      try {
        return process.kill(Number(pid), 0);
      } catch {
        return false;
      }
    };
    for (let tries = 0; isRunning() && tries < 100; tries += 1) await wait(50);
    expect(isRunning()).toBe(false);
  } finally {
    parent.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});
