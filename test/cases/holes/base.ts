import { sig } from "dspex";

export const Base = sig("first: int, second: list[str] -> third");
