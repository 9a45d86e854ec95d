import { sig } from "dspex";

export const Odd = sig("a: None, b: ClassVar, c: 'yes' | 'no', d: Literal[int, 'a'] -> e: Annotated[int, Field(gt=0)]");
export const Quoted = sig("a: list['int'], b: Optional['str'] -> c");
