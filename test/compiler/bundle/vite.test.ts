/** The dev server: an edited literal reaches the browser without a restart; a mistake is vite's own error, and goes away when mended. */

import { createServer, type ViteDevServer } from "vite";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import dspex from "../../../compiler/6-bundle/vite.ts";
import { buildPackage, createProject, type Project } from "./project.ts";

beforeAll(buildPackage, 120_000);
let project: Project;
let server: ViteDevServer | undefined;
afterEach(async () => {
  await server?.close();
  project?.remove();
});

const source = (type: string) =>
  `import { sig } from "dspex";\nexport const S = sig("question -> answer: ${type}");\nif (import.meta.hot) import.meta.hot.accept();\n`;

it("updates an edited literal", async () => {
  project = createProject({ "index.html": '<script type="module" src="/src/app.ts"></script>', "src/app.ts": source("int") });
  server = await createServer({
    root: project.folder,
    configFile: false,
    logLevel: "silent",
    server: { host: "127.0.0.1", port: 0 },
    plugins: [dspex()],
  });
  await server.listen();
  const sent = vi.spyOn(server.environments.client.hot, "send");
  const code = async () => (await server!.transformRequest("/src/app.ts"))?.code ?? "";
  expect(await code()).toMatch(/name: "answer",\s*type: "int"/);
  project.write("src/app.ts", source("float"));
  await vi.waitFor(async () => expect(await code()).toMatch(/name: "answer",\s*type: "float"/), { timeout: 15_000, interval: 50 });
  await vi.waitFor(
    () =>
      expect(sent.mock.calls.map(([payload]) => payload)).toContainEqual(
        expect.objectContaining({ type: "update", updates: [expect.objectContaining({ path: "/src/app.ts" })] }),
      ),
    { timeout: 5_000 },
  );

  project.write("src/app.ts", source("foat"));
  await vi.waitFor(
    () =>
      expect(code()).rejects.toMatchObject({ plugin: "dspex", message: expect.stringContaining("`foat` is not a type"), loc: { line: 2 } }),
    { timeout: 15_000, interval: 50 },
  );
  project.write("src/app.ts", source("bool"));
  await vi.waitFor(async () => expect(await code()).toContain('"bool"'), { timeout: 15_000, interval: 50 });
}, 60_000);
