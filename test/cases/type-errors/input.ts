import { sig } from "dspex";

sig("a: strng, b: string, c: Foo, d: number, e: lsit[int] -> f: List[Imagee]");
sig("a: numpy.ndarray, b: datetime.datetim, c: foo.Bar -> d: int.real");
sig("a: 5, b: 'int', c: (int, str), d: ..., e: 'a phrase', f: True -> g: Field(gt=3), h: list[5]");
sig("a: [int], b: {'a': int}, c: -1, d: int & str, e: int or str, f: lambda: 3 -> g: int if True else str, h: list(int), i: Literal[-1]");
sig("a: List, b: Optional, c: dict[str], d: Optional[int, str], e: int[str], f: list[] -> g: tuple[int, str, ...], h: Literal[()], i: Callable[[int], str], j: Annotated[int], k: list[int][str], l: Union[()], m: dspy.Code[int], n: Final[int], o: Dict[str, int, int]");
