import { sig } from "dspex";

export const TrailingCommas = sig("a, b, -> c,");
export const EmptySides = sig("->");
export const Defaults = sig("a: int = 5, b = 'x', c: list[str] = [], d: Optional[float] = None -> e");
export const IgnoredDefaults = sig("a = f(), b: int = 'x' -> c: int = 3");
export const Stars = sig("a, *args, b, **kwargs -> c");
export const Slash = sig("a, /, b, *, c -> d");
export const Left = sig("x): pass # -> y): pass\nclass A(object");
export const Continued = sig("a \\\n , b # the second\n -> c");
export const Nfkc = sig("ﬁeld, 质问, naïve -> 𝐱");
