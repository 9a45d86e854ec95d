import { sig } from "dspex";

sig("a: str(max_lenght=3), b: int(min=1), c: str(desc='x'), d: int(), e: int(3), f: int(ge=1, ge=2) -> g: str(foo=1)");
sig("a: str(ge=1), b: int(max_length=3), c: Literal['a'](min_length=1), d: bool(gt=0), e: dspy.Image(pattern='x') -> f: int(allow_inf_nan=True)");
sig("a: int(ge='x'), b: str(max_length=-1), c: str(max_length=1.5), d: str(pattern=3), e: float(allow_inf_nan=1), f: int(multiple_of=0) -> g: int(gt=foo)");
sig("a: int(ge=5, le=3), b: int(gt=1, lt=1), c: str(min_length=4, max_length=2) -> d: float(gt=1, le=1.0)");
sig("a: list[int(ge=1)], b: int(ge=1) | None -> c: list(int)");
sig("a: str(pattern='(?=x)y'), b: str(pattern='(a)\\\\1'), c: str(pattern='(?<n>a)\\\\k<n>'), d: str(pattern='[a&&b]') -> e: str(pattern='('), f: str(pattern='\\\\h'), g: str(pattern='(?i)a')");
