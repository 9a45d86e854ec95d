import { tool } from "dspex";

enum Color {
  Red = "red",
  Green = "green",
}
/** A place on earth. */
interface Place {
  /** Degrees north. */
  lat: number;
  lon: number;
  name?: string;
  near: Place[];
}

/**
 * Searches the web.
 *
 * @param query - what to look for
 * @param count how many results
 */
async function search(query: string, count = 3, mode?: "fast" | "deep"): Promise<string[]> {
  return [query, String(count), String(mode)];
}
export const searchTool = tool(search);

/**
 * Finds a place.
 * @param color how to mark it
 */
export const locate = tool((place: Place, color: Color | null, tags: Set<string>, when: Date) => [place, color, tags, when]);

/** Looks an order up. */
export const order = tool(
  async ({
    id,
  }: {
    /** The number on the receipt. */
    id: string;
    /** Follow linked orders. */
    deep?: boolean;
  }) => id,
);

const api = {
  /** The weather now. */
  weather(city: string): string {
    return city;
  },
};
export const tools = [tool(api.weather), tool(function stop() {})];
export const manual = tool({ name: "manual", description: "By hand.", input: {} as never, run: () => "" });
