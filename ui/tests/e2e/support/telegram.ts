import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { PYTHON, ROOT } from './stack';

/** A fake Telegram on loopback: the real client library calls it. */
export class FakeTelegram {
  url = '';
  token = '';
  private child!: ChildProcess;
  private lines!: Interface;

  async start(): Promise<this> {
    const environment = { ...process.env, PYTHONPATH: ROOT };
    this.child = spawn(PYTHON, ['-m', 'tests.support.channels.fake_telegram_process'], { cwd: ROOT, env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface(this.child.stdout!);
    const answer = (await this.nextLine()) as { url: string; token: string };
    this.url = answer.url;
    this.token = answer.token;
    return this;
  }

  /** Let a person write to the bot. */
  write(updateId: number, chatId: number, name: string, text: string): void {
    const chat = { id: chatId, type: 'private', first_name: name };
    const message = { message_id: updateId, date: Math.floor(Date.now() / 1_000), chat, from: { id: chatId, is_bot: false, first_name: name }, text };
    this.child.stdin!.write(`${JSON.stringify({ update_id: updateId, message })}\n`);
  }

  /** The texts that were sent through it. */
  async texts(): Promise<string[]> {
    const answer = this.nextLine();
    this.child.stdin!.write('texts\n');
    return (await answer) as string[];
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin!.end();
    await gone;
  }

  private nextLine(): Promise<unknown> {
    return new Promise((resolve) => this.lines.once('line', (line) => resolve(JSON.parse(line))));
  }
}
