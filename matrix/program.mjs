// A child process of a test: its output is kept, its first line awaited, its end made sure of.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** The longest that a program may take to say its first line. */
const START_MS = 60_000;

/** A child process whose output is kept for the report of a failure. */
export class Program {
  constructor(command, args, options) {
    this.output = [];
    this.child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    this.exited = new Promise((done) => {
      this.child.once("exit", (code, signal) => done(`ended with ${code ?? signal}`));
      this.child.once("error", (error) => done(`could not be started: ${error.message}`));
    });
    this.waiting = [];
    const lines = (stream) => createInterface({ input: stream }).on("line", (line) => {
      this.output.push(line);
      if (this.output.length > 400) this.output.shift();
      this.waiting = this.waiting.filter((wait) => !wait(line));
    });
    lines(this.child.stdout);
    lines(this.child.stderr);
  }

  /** The first line that `accept` likes. */
  line(what, accept) {
    return new Promise((done, fail) => {
      const give = (why) => fail(new Error(`${what}: ${why}\n${this.output.join("\n")}`));
      const timer = setTimeout(() => give(`nothing within ${START_MS} ms`), START_MS);
      const settle = (line) => {
        clearTimeout(timer);
        done(line);
        return true;
      };
      const seen = this.output.find(accept);
      if (seen !== undefined) settle(seen);
      else this.waiting.push((line) => accept(line) && settle(line));
      this.exited.then((how) => { clearTimeout(timer); give(how); });
    });
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGTERM");
      const hard = setTimeout(() => this.child.kill("SIGKILL"), 5000);
      await this.exited;
      clearTimeout(hard);
    }
  }
}
