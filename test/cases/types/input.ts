import { sig } from "dspex";

export const Atoms = sig("a: str, b: int, c: float, d: bool, e: bytes, f: complex, g: Any, h: list, i: dict, j: tuple, k: set, l: NoneType -> m: Text, n: Self, o: Final");
export const Generics = sig("a: list[str], b: Dict[str, list[int]], c: tuple[int, ...], d: Tuple[int, str], e: set[int], f: FrozenSet[str], g: Sequence[str] -> h: collections.abc.Mapping[str, int], i: Callable[..., int], j: Type[int], k: list[List], l: tuple[()]");
export const Unions = sig("a: int | None, b: None | int, c: NoneType | int, d: Optional[int] | str, e: Union[int, Union[str, int]], f: Optional[None] -> g: int | int, h: Literal['a', 'b'] | Literal['b', 'a']");
export const Literals = sig("a: Literal['a', \"it's\", 'a'], b: Literal[1, '1', True, None, 1.0] -> c: Literal[Literal['x'], ('y', 'z')], d: Literal[...]");
export const Classes = sig("a: dspy.Image, b: dspy.History, c: list[dspy.Tool], d: datetime.date, e: decimal.Decimal, f: dspy.adapters.Image -> g: dspy.Code['python'], h: pydantic.PositiveInt, i: pydantic.HttpUrl, j: typing.Optional[uuid.UUID]");
export const Nones = sig("a: list[None], b: list[NoneType], c: dict[str, None] -> d");
