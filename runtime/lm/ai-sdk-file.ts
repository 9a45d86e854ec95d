/** An image block as the AI SDK's file part: an address or base64 data, tagged from v4 on. */
import type { ContentBlock } from "./lm.ts";

export type Version = "v2" | "v3" | "v4";

export function filePart(block: ContentBlock, version: Version): unknown {
  const { url } = (block as { image_url: { url: string } }).image_url;
  const data = /^data:([^;,]+)?(?:;[^,]*)?;base64,(.*)$/s.exec(url);
  const mediaType = data?.[1] ?? "image/*";
  if (version !== "v4") return { type: "file", mediaType, data: data ? data[2] : new URL(url) };
  return { type: "file", mediaType, data: data ? { type: "data", data: data[2] } : { type: "url", url: new URL(url) } };
}
