/** Ways out of the sandbox, through a real pool: each fails with it on and succeeds with it off, else it would prove nothing. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Pool } from "../../../runtime/python/index.ts";
import type { Context } from "../harness/context.ts";
import { facts } from "../harness/proc.ts";
import { Findings, skipped, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 40;
export const name = "ways out of the sandbox";
const SECRET = "a secret of the host";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("outside");
  const outside = (file: string) => {
    const path = join(folder, file);
    if (!existsSync(path)) writeFileSync(path, SECRET);
    return path;
  };
  const home = mkdtempSync(join(homedir(), ".chaos-"));
  writeFileSync(join(home, "secret"), SECRET);
  const servers: Server[] = [];
  const serve = async (at: string | number): Promise<Server> => {
    const server = createServer((socket) => socket.on("error", () => {}).end(SECRET)).listen(at as string);
    servers.push(server);
    await once(server, "listening");
    return server;
  };
  const tcp = ((await serve(0)).address() as AddressInfo).port;
  const path = join(folder, "socket");
  await serve(path);
  chmodSync(path, 0o777);
  const abstract = `chaos-${process.pid}`;
  await serve(`\0${abstract}`);
  const udp = createSocket("udp4").bind(0, "127.0.0.1");
  await once(udp, "listening");

  const on = context.pool({ size: 1, lane: "exclusive" });
  const off = context.pool({ size: 1, lane: "exclusive", sandbox: "off" });
  const sibling = context.pool({ size: 1, lane: "exclusive" });
  const siblingPid = (await sibling.call("faults.pid")) as number;
  await on.call("faults.pid");
  await off.call("faults.pid");
  const level = on.stats().sandbox;
  const hostPid = process.pid;

  const ATTEMPTS: readonly (readonly [what: string, op: string, args: () => object])[] = [
    ["read a file of the host", "read_file", () => ({ path: outside("read") })],
    ["read a system file", "read_file", () => ({ path: "/etc/passwd" })],
    ["read the home", "read_file", () => ({ path: join(home, "secret") })],
    ["list the home", "list_folder", () => ({ path: homedir() })],
    ["list the temporary folder", "list_folder", () => ({ path: folder })],
    ["write a file", "write_file", () => ({ path: join(folder, "written") })],
    ["write beside its modules", "write_file", () => ({ path: join(folder, "written-too") })],
    ["read by a symbolic link", "read_by_symlink", () => ({ path: outside("read") })],
    ["read by a hard link", "read_by_hard_link", () => ({ path: outside("read") })],
    ["chmod", "chmod", () => ({ path: outside("chmod") })],
    ["chown", "chown", () => ({ path: outside("chown") })],
    ["change a file's times", "touch", () => ({ path: outside("touch") })],
    ["remove a file", "unlink", () => ({ path: outside("unlink") })],
    ["TCP", "tcp", () => ({ port: tcp })],
    ["listen on TCP", "tcp_listen", () => ({})],
    ["UDP", "udp", () => ({ port: udp.address().port })],
    ["a Unix socket by its path", "unix_path", () => ({ path })],
    ["an abstract Unix socket", "unix_abstract", () => ({ name: abstract })],
    ["a packet socket", "packet", () => ({})],
    ["a netlink socket", "netlink", () => ({})],
    ["a vsock", "vsock", () => ({})],
    ["run a program", "run_program", () => ({})],
    ["exec", "exec_program", () => ({})],
    ["fork bomb", "fork_bomb", () => ({ count: 60 })],
    ["ptrace a sibling", "ptrace_other", () => ({ pid: siblingPid })],
    ["read a sibling's memory", "read_memory_of", () => ({ pid: siblingPid })],
    ["io_uring", "io_uring", () => ({})],
    ["a user namespace", "unshare_user", () => ({})],
    ["unshare", "unshare_files", () => ({})],
    ["signal the host", "signal_other", () => ({ pid: hostPid })],
    ["signal the zygote", "signal_other", () => ({ pid: facts(siblingPid)!.ppid })],
    ["signal its group", "signal_group", () => ({})],
    ["pidfd of the host", "pidfd", () => ({ pid: hostPid })],
    ["limits of the host", "prlimit_other", () => ({ pid: hostPid })],
    ["priority of the host", "priority_other", () => ({ pid: hostPid })],
    ["the host's environment", "host_environment", () => ({ pid: hostPid })],
    ["the host's command line", "host_command", () => ({ pid: hostPid })],
    ["mount", "mount", () => ({})],
  ];
  if (level === "none") return skipped("the kernel offers neither Landlock nor seccomp");

  let held = 0;
  const impossible: string[] = [];
  try {
    for (const [what, op, args] of ATTEMPTS) {
      const free = await attempt(off, op, args());
      rmSync(join(folder, "written"), { force: true });
      rmSync(join(folder, "written-too"), { force: true });
      if (!free.escaped) {
        impossible.push(what);
        continue;
      }
      const locked = await attempt(on, op, args());
      findings.expect(!locked.escaped, `${what}: out, with ${locked.got}`);
      findings.expect(/^(python_exception|worker_lost|quarantined|ok)$/.test(locked.outcome), `${what}: ${locked.outcome}`);
      if (!locked.escaped) held++;
    }
    findings.expect(readFileSync(outside("read"), "utf8") === SECRET, "a file of the host was changed");
    findings.expect(impossible.length < ATTEMPTS.length / 4, `even with the sandbox off: ${impossible.join(", ")}`);

    const open = (await on.call("escapes.inherited_descriptors")) as string[];
    findings.expect(open.length <= 6, `descriptors open in a worker: ${open.join(", ")}`);

    // Neither the environment nor any page of a worker ever held a secret of the host.
    process.env.CHAOS_SECRET = "never-in-a-worker-7351";
    const needle = "never-in-a-|worker-7351";
    const clean = context.pool({ size: 1, lane: "exclusive", sandbox: "off" });
    const given = context.pool({ size: 1, lane: "exclusive", sandbox: "off", permissions: { env: ["CHAOS_SECRET"] } });
    findings.expect(
      (await given.call("escapes.scan_memory", { needle })) === true,
      "the scan does not find what was handed in, so it proves nothing",
    );
    findings.expect((await clean.call("escapes.scan_memory", { needle })) === false, "a secret of the host lies in a worker's memory");
  } finally {
    for (const server of servers) server.close();
    udp.close();
    rmSync(home, { recursive: true, force: true });
  }
  const note = `held of ${ATTEMPTS.length}, level ${level}${impossible.length > 0 ? `; impossible here even without it: ${impossible.join(", ")}` : ""}`;
  return findings.verdict(held, "attempts", note);
}

async function attempt(pool: Pool, op: string, args: object): Promise<{ escaped: boolean; outcome: string; got: string }> {
  const { outcome, value } = await settleWithin(15_000, pool.call(`escapes.${op}`, args));
  return { escaped: outcome === "ok" && value !== "refused", outcome, got: JSON.stringify(value)?.slice(0, 80) ?? "" };
}
